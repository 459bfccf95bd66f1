import { median } from './compare.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';

const sizes = [10_000, 100_000, 1_000_000];

/** What is asked, as the account of nine purchases in ten. */
const questions = {
  'usage, 30 days': '/v1/usage?days=30',
  'usage, 366 days': '/v1/usage?days=366',
  'usage, 366 days with latency by day': '/v1/usage?days=366&latency=day',
  'usage, 366 days by four': '/v1/usage?days=366&group=day,provider,dialect,outcome',
  'usage, 366 days by key': '/v1/usage?days=366&group=key',
  'usage, all accounts': '/v1/usage?days=30&account=*&group=account',
  'usage, all accounts by day': '/v1/usage?days=366&account=*',
  'tasks, first page': '/v1/tasks',
  'tasks, a status none has': '/v1/tasks?dialect=none',
  balance: '/v1/balance',
  providers: '/v1/providers',
  metrics: '/metrics',
  'reconcile, first page': '/v1/admin/reconcile/accounts',
} as const;

const rowsAtOnce = 100_000;
/** Purchases that are written one after the other, each in a batch with its picture, as a render does it. */
const written = 100;

/** How long writing and reporting take over a ledger of so many purchases. The figures are Miniflare's. */
export async function ledgerTimes(stage: Stage, repeats: number): Promise<Row[]> {
  const rows: Row[] = [];
  let filled = 0;
  for (const size of sizes) {
    while (filled < size) filled += await fill(stage, filled, Math.min(rowsAtOnce, size - filled));
    const row = { measure: `ledger of ${size.toLocaleString('en')}`, floor: null, ratio: null, aim: null };
    const writes = await timesOf(repeats, () => write(stage));
    rows.push({ ...row, unit: 'ms to write a purchase', ours: median(writes) / written });
    for (const [name, path] of Object.entries(questions)) {
      const times = await timesOf(repeats, () => ask(stage, path));
      rows.push({ ...row, unit: `ms, ${name}`, ours: median(times) });
    }
  }
  return rows;
}

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

/** Purchases of another account, so that what is asked stays what it was. */
async function write({ urls }: Stage): Promise<void> {
  const response = await fetch(`${urls.counting}/bench/purchases?times=${written}`, { method: 'POST' });
  if (!response.ok) throw new Error(`Writing answered ${response.status}: ${await response.text()}`);
}

async function ask({ urls }: Stage, path: string): Promise<void> {
  const response = await fetch(urls.service + path, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
}

async function timesOf(repeats: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let time = 0; time < repeats; time += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}
