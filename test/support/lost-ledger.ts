import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { administered } from './admin-caller';

interface Restored {
  readonly checked: number;
  readonly restored: number;
}

/** The database is another one: all that a deployment begins with, and nothing else. */
export async function loseLedger(): Promise<void> {
  const names = await tableNames("name = 'accounts'");
  await env.LEDGER.batch(names.map((name) => env.LEDGER.prepare(`DROP TABLE ${name}`)));
  await applyD1Migrations(env.LEDGER, env.TEST_MIGRATIONS);
}

/** Keeps the database as it is now. @returns what puts it back, once: as travelling in time does */
export async function keepLedger(): Promise<() => Promise<void>> {
  // Writing purchases adds to their days: what the days were comes last.
  const names = await tableNames("name = 'purchase_days'");
  const run = async (statements: readonly string[]) =>
    await env.LEDGER.batch(statements.map((statement) => env.LEDGER.prepare(statement)));
  await run(names.map((name) => `CREATE TABLE kept_${name} AS SELECT * FROM ${name}`));
  return async () => {
    const back = names.flatMap((name) => [
      `DELETE FROM ${name}`,
      `INSERT INTO ${name} SELECT * FROM kept_${name}`,
      `DROP TABLE kept_${name}`,
    ]);
    await run(['PRAGMA defer_foreign_keys = true', ...back]);
  };
}

async function tableNames(order: string): Promise<readonly string[]> {
  const tables = await env.LEDGER.prepare(
    `SELECT name FROM sqlite_master
      WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*' ORDER BY ${order}`,
  ).all<{ name: string }>();
  return tables.results.map(({ name }) => name);
}

/** All pages of a part of restoring. */
export async function restore(part: 'listing' | 'accounts' | 'missing'): Promise<Restored> {
  const sum = { checked: 0, restored: 0 };
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Restored & { next: string | null } = await administered(`restore/${part}`, { json: { cursor } });
    sum.checked += page.checked;
    sum.restored += page.restored;
    cursor = page.next;
  }
  return sum;
}
