import type { UsageDimension } from '../core/wire/usage';
import { dayMs } from './usage-ledger';

/** Whose usage, from and to which UTC day (YYYY-MM-DD, both included), told apart by what. */
export interface UsageQuery {
  /** null: of all accounts together. */
  readonly accountId: string | null;
  readonly from: string;
  readonly to: string;
  /** At least one. */
  readonly dimensions: readonly UsageDimension[];
}

/** Sums of purchases, and of what did not have to be bought. Money in micro-dollars. */
export interface UsageFigures {
  /** Vendor tasks that were paid for or gave a picture. */
  readonly purchases: number;
  readonly pictures: number;
  readonly failures: number;
  readonly spentMicros: number;
  readonly quotedMicros: number;
  /** Purchases whose vendor said what it charged, and how much that was. */
  readonly reported: number;
  readonly reportedMicros: number;
  /** What it charged for pictures beyond what they were quoted. Renders without a picture are quoted too, and charged less. */
  readonly driftMicros: number;
  /** Pictures whose vendor said what it charged: how many, their quotes, and the charges. Their difference is the drift. */
  readonly compared: number;
  readonly comparedQuotedMicros: number;
  readonly comparedMicros: number;
  /** What the pictures were quoted whose vendor did not say. */
  readonly unreportedQuotedMicros: number;
  readonly hits: number;
  readonly joins: number;
  readonly savedMicros: number;
  readonly chargedMicros: number;
  /** All rows, and the time from order to end of all of them. */
  readonly attempts: number;
  readonly durationMs: number;
}
/** null: what did not have to be bought has no provider, outcome or key. */
export type UsageGroup = UsageFigures & Readonly<Partial<Record<UsageDimension, string | null>>>;

/** Milliseconds from order to picture. */
export interface LatencyReport {
  readonly sample: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface DayLatency extends LatencyReport {
  readonly day: string;
}

/** More groups than this are no report any more. */
export const mostGroups = 10_000;
const latencySample = 10_000;
/** So many pictures of a day tell how long its pictures took, spread evenly over it: fewer of each of many days. */
const [mostOfDay, mostOfDays] = [1_000, 30_000];
const everyDay = { from: '0000-01-01', to: '9999-12-31' };

/** What a dimension is in each of the tables. The ledger's rows are read only where the roll-ups cannot tell. */
const columns: Readonly<
  Record<UsageDimension, { readonly rows: string; readonly rollUp: string; readonly counts: string }>
> = {
  day: { rows: "date(settled_at / 1000, 'unixepoch')", rollUp: 'day', counts: 'day' },
  account: { rows: 'account_id', rollUp: 'account_id', counts: 'account_id' },
  provider: { rows: 'provider', rollUp: 'provider', counts: 'NULL' },
  dialect: { rows: 'dialect', rollUp: 'dialect', counts: 'dialect' },
  outcome: { rows: 'outcome', rollUp: 'outcome', counts: 'NULL' },
  key: { rows: 'key_id', rollUp: 'NULL', counts: 'NULL' },
};

const figures = `sum(purchases) AS purchases, sum(pictures) AS pictures, sum(failures) AS failures, sum(spent) AS spentMicros,
  sum(quoted) AS quotedMicros, sum(reported) AS reported, sum(reported_micros) AS reportedMicros,
  sum(drift) AS driftMicros, sum(hits) AS hits, sum(joins) AS joins, sum(saved) AS savedMicros,
  sum(charged) AS chargedMicros, sum(attempts) AS attempts, sum(duration) AS durationMs,
  sum(compared) AS compared, sum(compared_quoted) AS comparedQuotedMicros, sum(compared_micros) AS comparedMicros,
  sum(unreported_quoted) AS unreportedQuotedMicros`;

const rollUpFigures = `bought AS purchases, iif(outcome = 'ready', purchases, 0) AS pictures,
  iif(outcome IN ('ready', 'cancelled', 'restored'), 0, purchases) AS failures, spent_micros AS spent, quoted_micros AS quoted,
  reported, reported_micros, iif(outcome = 'ready', reported_micros - reported_quoted_micros, 0) AS drift, 0 AS hits, 0 AS joins, 0 AS saved, 0 AS charged,
  iif(outcome = 'restored', 0, purchases) AS attempts, duration_ms AS duration, iif(outcome = 'ready', reported, 0) AS compared,
  iif(outcome = 'ready', reported_quoted_micros, 0) AS compared_quoted,
  iif(outcome = 'ready', reported_micros, 0) AS compared_micros,
  iif(outcome = 'ready', quoted_micros - reported_quoted_micros, 0) AS unreported_quoted`;

const rowFigures = `(outcome = 'ready' OR spent_micros > 0) AS purchases, outcome = 'ready' AS pictures,
  outcome NOT IN ('ready', 'cancelled', 'restored') AS failures, spent_micros AS spent, quoted_micros AS quoted,
  actual_micros IS NOT NULL AS reported, ifnull(actual_micros, 0) AS reported_micros,
  iif(outcome = 'ready', ifnull(actual_micros - quoted_micros, 0), 0) AS drift, 0 AS hits, 0 AS joins, 0 AS saved, 0 AS charged,
  outcome <> 'restored' AS attempts, settled_at - queued_at AS duration,
  outcome = 'ready' AND actual_micros IS NOT NULL AS compared,
  iif(outcome = 'ready' AND actual_micros IS NOT NULL, quoted_micros, 0) AS compared_quoted,
  iif(outcome = 'ready', ifnull(actual_micros, 0), 0) AS compared_micros,
  iif(outcome = 'ready' AND actual_micros IS NULL, quoted_micros, 0) AS unreported_quoted`;

const countFigures = `0, 0, 0, 0, 0, 0, 0, 0, iif(kind = 'hit', count, 0), iif(kind = 'joined', count, 0),
  saved_micros, charged_micros, 0, 0, 0, 0, 0, 0`;

/** Reports over the ledger. Sums come from the roll-ups, a few rows a day, however much was bought. */
export class UsageReports {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Newest day first, then by name. At most {@link mostGroups} and one, which says that there are more. */
  async groups(query: UsageQuery): Promise<readonly UsageGroup[]> {
    const result = await usageStatement(this.#database, query).all<UsageGroup>();
    return result.results;
  }

  /** Percentiles over the newest pictures of the range. */
  async latency({ accountId, from, to }: UsageQuery): Promise<LatencyReport> {
    const statement = `
      WITH newest AS (
        SELECT settled_at - queued_at AS duration FROM purchases
        WHERE ${accountId === null ? '?1 IS NULL' : 'account_id = ?1'} AND settled_at >= ?2 AND settled_at < ?3
          AND outcome = 'ready'
        ORDER BY settled_at DESC LIMIT ${latencySample}
      ), ranked AS (
        SELECT duration, row_number() OVER (ORDER BY duration) AS rank, count(*) OVER () AS total FROM newest
      )
      SELECT ifnull(max(total), 0) AS sample, ${[50, 95, 99].map(percentile).join(', ')} FROM ranked`;
    const range = [Date.parse(from), Date.parse(to) + dayMs];
    const report = await this.#database
      .prepare(statement)
      .bind(accountId, ...range)
      .first<LatencyReport>();
    return report ?? { sample: 0, p50: null, p95: null, p99: null };
  }

  /** The same for each day with pictures, the newest first: of all its pictures, or of some that are spread over it. */
  async latencyByDay({ accountId, from, to }: UsageQuery): Promise<readonly DayLatency[]> {
    const [start, end] = [Date.parse(from), Date.parse(to) + dayMs];
    const ofDay = Math.min(mostOfDay, Math.floor((mostOfDays * dayMs) / (end - start)));
    const result = await this.#database
      .prepare(latencyByDayStatement(accountId))
      .bind(accountId, from, to, start, end, ofDay)
      .all<DayLatency>();
    return result.results;
  }

  /** All that was ever bought, by all accounts. */
  async ever(dimensions: readonly Exclude<UsageDimension, 'key'>[]): Promise<readonly UsageGroup[]> {
    return await this.groups({ accountId: null, ...everyDay, dimensions });
  }

  /** What an account bought and spent at each provider, ever; null: what all did. */
  async byProvider(accountId: string | null): Promise<ReadonlyMap<string, UsageFigures>> {
    const groups = await this.groups({ accountId, ...everyDay, dimensions: ['provider'] });
    return new Map(groups.flatMap((group) => (group.provider ? [[group.provider, group]] : [])));
  }
}

function usageStatement(database: D1Database, { accountId, from, to, dimensions }: UsageQuery): D1PreparedStatement {
  const needsRows = dimensions.includes('key');
  const select = (table: keyof (typeof columns)['day']) =>
    dimensions.map((dimension) => `${columns[dimension][table]} AS "${dimension}", `).join('');
  const whose = accountId === null ? '?1 IS NULL' : 'account_id = ?1';
  const bought = needsRows
    ? `SELECT ${select('rows')} ${rowFigures} FROM purchases WHERE ${whose} AND settled_at >= ?4 AND settled_at < ?5`
    : `SELECT ${select('rollUp')} ${rollUpFigures} FROM purchase_days WHERE ${whose} AND day >= ?2 AND day <= ?3`;
  const names = dimensions.map((dimension) => `"${dimension}"`);
  const order = names.map((name) => (name === '"day"' ? `${name} DESC` : name));
  const statement = `
    SELECT ${names.map((name) => `${name}, `).join('')} ${figures} FROM (
      ${bought}
      UNION ALL
      SELECT ${select('counts')} ${countFigures} FROM daily_counts WHERE ${whose} AND day >= ?2 AND day <= ?3
    ) GROUP BY ${names.join(', ')} ORDER BY ${order.join(', ')}
    LIMIT ${mostGroups + 1}`;
  const range = needsRows ? [Date.parse(from), Date.parse(to) + dayMs] : [];
  return database.prepare(statement).bind(accountId, from, to, ...range);
}

/**
 * The roll-ups say how many pictures a day has, and so which part of them to take: what is sorted stays small however
 * many there are. The prime scatters times that have a beat of their own. The days are few, and looked up by each row.
 */
function latencyByDayStatement(accountId: string | null): string {
  const whose = accountId === null ? '?1 IS NULL' : 'account_id = ?1';
  return `
    WITH days AS MATERIALIZED (
      SELECT day, unixepoch(day) * 1000 / ${dayMs} AS number, (sum(purchases) + ?6 - 1) / ?6 AS step
      FROM purchase_days WHERE ${whose} AND day >= ?2 AND day <= ?3 AND outcome = 'ready' GROUP BY day
    ), chosen AS (
      SELECT day, settled_at - queued_at AS duration FROM purchases CROSS JOIN days ON number = settled_at / ${dayMs}
      WHERE ${whose} AND settled_at >= ?4 AND settled_at < ?5 AND outcome = 'ready' AND settled_at % 999983 % step = 0
    ), ranked AS (
      SELECT day, duration, row_number() OVER (PARTITION BY day ORDER BY duration) AS rank,
        count(*) OVER (PARTITION BY day) AS total
      FROM chosen
    )
    SELECT day, max(total) AS sample, ${[50, 95, 99].map(percentile).join(', ')} FROM ranked
    GROUP BY day ORDER BY day DESC`;
}

/** The smallest value that is not below so many per cent of all. */
function percentile(percent: number): string {
  return `min(iif(rank * 100 >= total * ${percent}, duration, NULL)) AS p${percent}`;
}
