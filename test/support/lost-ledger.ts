import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { administered } from './admin-caller';

interface Restored {
  readonly checked: number;
  readonly restored: number;
}

/** The database is another one: all that a deployment begins with, and nothing else. */
export async function loseLedger(): Promise<void> {
  const tables = await env.LEDGER.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*' ORDER BY name = 'accounts'",
  ).all<{ name: string }>();
  await env.LEDGER.batch(tables.results.map(({ name }) => env.LEDGER.prepare(`DROP TABLE ${name}`)));
  await applyD1Migrations(env.LEDGER, env.TEST_MIGRATIONS);
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
