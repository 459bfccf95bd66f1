import { env } from 'cloudflare:workers';

/** The keys of all objects of a picture. */
export async function objectsOf(fingerprint: string): Promise<string[]> {
  const { objects } = await env.PICTURES.list({ prefix: `pictures/${fingerprint}/` });
  return objects.map(({ key }) => key);
}

/** Loses a picture, as a bucket may: its row in the ledger stays. */
export async function lose(fingerprint: string): Promise<void> {
  await env.PICTURES.delete(await objectsOf(fingerprint));
}

export interface RenderRow {
  readonly sha256: string;
  readonly last_sha256: string | null;
  readonly stored_at: number;
  readonly rerendered_at: number | null;
  readonly expired_at: number | null;
  readonly pinned_at: number | null;
}

/** What the ledger knows of a picture, once it does. */
export async function renderRow(fingerprint: string, isExpected: (row: RenderRow) => boolean = () => true) {
  for (let tries = 0; tries < 200; tries += 1) {
    const statement = env.LEDGER.prepare('SELECT * FROM renders WHERE fingerprint = ?1').bind(fingerprint);
    const row = await statement.first<RenderRow>();
    if (row !== null && isExpected(row)) return row;
    await scheduler.wait(20);
  }
  throw new Error('The ledger never had such a row.');
}
