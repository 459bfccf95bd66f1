/** How long the reports take over a ledger of so many purchases. Started by ledger.mjs; the figures are Miniflare's. */
import { parseArgs } from 'node:util';
import { key, migrate, prepare, raise, type Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    purchases: { type: 'string', default: '10000,100000,1000000' },
    repeats: { type: 'string', default: '5' },
  },
});

/** What is asked, as the account of nine purchases in ten. */
const questions = {
  'usage, 30 days': '/v1/usage?days=30',
  'usage, 366 days': '/v1/usage?days=366',
  'usage, 366 days by four': '/v1/usage?days=366&group=day,provider,dialect,outcome',
  'usage, 366 days by key': '/v1/usage?days=366&group=key',
  'usage, all accounts': '/v1/usage?days=30&account=*&group=account',
  'tasks, first page': '/v1/tasks',
  'tasks, a status none has': '/v1/tasks?dialect=none',
  balance: '/v1/balance',
  providers: '/v1/providers',
  metrics: '/metrics',
  'reconcile, first page': '/v1/admin/reconcile/accounts',
} as const;

const rowsAtOnce = 100_000;

const sizes = values.purchases.split(',').map(Number);
const stage = await raise(await prepare(['service']), ['service']);
await migrate(stage, 'service');
const columns: string[][] = [['milliseconds', ...Object.keys(questions), 'filling, a row (µs)']];
let filled = 0;
for (const size of sizes) {
  const startedAt = performance.now();
  while (filled < size) filled += await fill(stage, filled, Math.min(rowsAtOnce, size - filled));
  const perRow = ((performance.now() - startedAt) * 1000) / size;
  const column = [size.toLocaleString('en')];
  for (const path of Object.values(questions)) column.push((await median(() => ask(stage, path))).toFixed(1));
  columns.push([...column, perRow.toFixed(1)]);
  process.stderr.write(`${size} purchases\n`);
}
console.log(tableOf(columns));
await stage.miniflare.dispose();
process.exit(0);

/** Purchases of the last year, the roll-ups of which the ledger keeps as it does for real ones. */
async function fill({ miniflare }: Stage, from: number, count: number): Promise<number> {
  const ledger = await miniflare.getD1Database('LEDGER', 'service');
  const statement = `
    WITH RECURSIVE numbers (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?1 + ?2)
    INSERT INTO purchases (account_id, settled_at, id, fingerprint, dialect, task, provider, outcome, input_megapixels,
      output_megapixels, quoted_micros, actual_micros, spent_micros, paid_by, queued_at, key_id)
    SELECT iif(n % 10 = 0, 'other-' || (n / 10 % 50), 'development'), ?3 - (n * 7919 % 31536000) * 1000,
      'purchase-' || n, printf('%064x', n), iif(n % 3 = 0, 'openai', 'bfl'), 'task-' || n, iif(n % 4 = 0, 'fal', 'bfl'),
      iif(n % 20 = 0, 'failed', 'ready'), 0, 1, 60000, iif(n % 4 = 0, 61000, NULL), iif(n % 20 = 0, 0, 60000), 'account',
      ?3 - (n * 7919 % 31536000) * 1000 - n % 9000, 'key-' || (n % 8)
    FROM numbers`;
  await ledger.prepare(statement).bind(from, count, Date.now()).run();
  return count;
}

async function ask({ urls }: Stage, path: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(urls.service + path, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return performance.now() - startedAt;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < Number(values.repeats); time += 1) times.push(await measure());
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function tableOf(all: readonly string[][]): string {
  const rows = (all[0] ?? []).map((_, index) => all.map((column) => column[index] ?? ''));
  const [head = [], ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${all.map(() => '---|').join('')}`, ...body].join('\n');
}
