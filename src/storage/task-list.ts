/** A settled task as the ledger has it. Money in micro-dollars, times in milliseconds since 1970. */
export interface SettledTask {
  readonly id: string;
  readonly task: string;
  readonly fingerprint: string;
  readonly dialect: string;
  readonly provider: string;
  readonly outcome: string;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly spentMicros: number;
  readonly queuedAt: number;
  readonly settledAt: number;
  readonly keyId: string | null;
}

/** null: any. `from` is included, `before` is not. */
export interface TaskFilter {
  /** `failed` stands for every outcome that is neither `ready` nor `cancelled`. */
  readonly status: 'ready' | 'failed' | 'cancelled' | null;
  readonly provider: string | null;
  readonly dialect: string | null;
  readonly fingerprint: string | null;
  readonly from: number | null;
  readonly before: number | null;
}

export const anyTask: TaskFilter = {
  status: null,
  provider: null,
  dialect: null,
  fingerprint: null,
  from: null,
  before: null,
};

/** The place of a row: rows of one millisecond are told apart by their ids. */
export type TaskPlace = Pick<SettledTask, 'settledAt' | 'id'>;

const columns = `id, task, fingerprint, dialect, provider, outcome, quoted_micros AS quotedMicros,
  actual_micros AS actualMicros, spent_micros AS spentMicros, queued_at AS queuedAt, settled_at AS settledAt, key_id AS keyId`;

const statusConditions = {
  ready: "outcome = 'ready'",
  cancelled: "outcome = 'cancelled'",
  failed: "outcome NOT IN ('ready', 'cancelled')",
} as const;

/** An account's settled tasks, newest first. */
export class TaskList {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Tasks after `after`, which is left out. A purchase that was lost on the way to its picture is no task of its own. */
  async page(
    accountId: string,
    filter: TaskFilter,
    { after, limit }: { readonly after: TaskPlace | null; readonly limit: number },
  ): Promise<readonly SettledTask[]> {
    const { status } = filter;
    const values: (string | number)[] = [accountId];
    const given = (condition: string, value: string | number | null) => {
      if (value === null) return [];
      values.push(value);
      return [`${condition} ?${values.length}`];
    };
    const conditions = [
      'account_id = ?1',
      "id NOT GLOB '*-lost-[0-9]*'",
      // What was spent on a day, as it is known after the ledger was lost: of no single task.
      "outcome <> 'restored'",
      ...(status === null ? [] : [statusConditions[status]]),
      ...given('provider =', filter.provider),
      ...given('dialect =', filter.dialect),
      ...given('fingerprint =', filter.fingerprint),
      ...given('settled_at >=', filter.from),
      ...given('settled_at <', filter.before),
      ...(after === null ? [] : [`(settled_at, id) < (?${values.push(after.settledAt)}, ?${values.push(after.id)})`]),
    ];
    const statement = `SELECT ${columns} FROM purchases WHERE ${conditions.join(' AND ')}
      ORDER BY settled_at DESC, id DESC LIMIT ?${values.push(limit)}`;
    const result = await this.#database
      .prepare(statement)
      .bind(...values)
      .all<SettledTask>();
    return result.results;
  }
}
