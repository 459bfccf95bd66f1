import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

let measured: { readonly purchase: number; readonly render: number } | null = null;

/** What a purchase and a picture take in the database, indexes and half-full pages included. */
export function rowBytes(): { readonly purchase: number; readonly render: number } {
  measured ??= { purchase: bytesOf(insertPurchase), render: bytesOf(insertRender) };
  return measured;
}

const rows = 20_000;
type Insert = (database: DatabaseSync, index: number) => void;

function bytesOf(insert: Insert): number {
  const database = new DatabaseSync(':memory:');
  const folder = fileURLToPath(new URL('../migrations/', import.meta.url));
  for (const name of readdirSync(folder).toSorted()) database.exec(readFileSync(join(folder, name), 'utf8'));
  const size = () =>
    Number(
      database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get()?.size,
    );
  const before = size();
  database.exec('BEGIN');
  for (let index = 0; index < rows; index += 1) insert(database, index);
  database.exec('COMMIT');
  const taken = (size() - before) / rows;
  database.close();
  return taken;
}

const digestOf = (index: number) => `${(index * 2_654_435_761) % 4_294_967_296}`.padEnd(64, '0123456789abcdef');

const insertPurchase: Insert = (database, index) => {
  database
    .prepare(
      `INSERT INTO purchases (account_id, settled_at, id, fingerprint, dialect, task, provider, outcome, input_megapixels,
        output_megapixels, quoted_micros, actual_micros, spent_micros, queued_at, paid_by, key_id)
      VALUES ('account-1', ?, ?, ?, 'openai', ?, 'bfl', 'ready', 0, 1.05, 50000, 50000, 50000, ?, 'account', 'key_0123456789')`,
    )
    .run(
      1_795_000_000_000 + index,
      `${digestOf(index)}-1795000000000`,
      digestOf(index),
      't'.repeat(115),
      1_795_000_000_000,
    );
};
const insertRender: Insert = (database, index) => {
  database
    .prepare(
      `INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed)
      VALUES (?, 'account-1', ?, 'bfl', ?, 1024, 1024, 123456789)`,
    )
    .run(digestOf(index), 1_795_000_000_000 + index, digestOf(index + 7));
};
