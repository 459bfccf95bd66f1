import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Miniflare } from 'miniflare';
import type { CreditRow, ListedRender, PurchaseRow, StoredFile } from './evidence.ts';
import { workerName } from './worker.ts';

/** What a state holds when no service runs on it. */
export interface Holdings {
  readonly rows: readonly PurchaseRow[];
  readonly entries: readonly CreditRow[];
  readonly renders: readonly ListedRender[];
  readonly files: readonly StoredFile[];
}

/** Reads the ledger and every stored picture, from below: not through the service. */
export async function examine(miniflare: Miniflare): Promise<Holdings> {
  const ledger = await miniflare.getD1Database('LEDGER', workerName);
  const all = async <Row>(sql: string) => (await ledger.prepare(sql).all<Row>()).results;
  return {
    rows: await all<PurchaseRow>(`SELECT id, account_id AS accountId, fingerprint, provider, outcome, task, settled_at AS settledAt,
      quoted_micros AS quotedMicros, spent_micros AS spentMicros FROM purchases ORDER BY queued_at, id`),
    entries: await all<CreditRow>('SELECT account_id AS accountId, kind, micros FROM credit_entries'),
    renders: await all<ListedRender>('SELECT fingerprint, sha256 FROM renders'),
    files: await filesOf(miniflare),
  };
}

const prefix = 'pictures/';

async function filesOf(miniflare: Miniflare): Promise<StoredFile[]> {
  const bucket = await miniflare.getR2Bucket('PICTURES', workerName);
  const files: StoredFile[] = [];
  for (let cursor: string | undefined, isMore = true; isMore; ) {
    const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key } of page.objects) {
      const object = await bucket.get(key);
      if (object === null || object.httpMetadata?.contentType?.startsWith('image/') !== true) continue;
      files.push(await fileOf(key, Buffer.from(await object.arrayBuffer()), object.customMetadata ?? {}));
    }
    isMore = page.truncated;
    cursor = page.truncated ? page.cursor : undefined;
  }
  return files;
}

async function fileOf(key: string, bytes: Buffer, metadata: Readonly<Record<string, string>>): Promise<StoredFile> {
  const [, fingerprint = '', name = ''] = key.split('/');
  const facts: { sha256?: string } = JSON.parse(metadata.facts ?? '{}');
  const { width, height } = metadata;
  return {
    key,
    fingerprint,
    isMaster: /^master/.test(name),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    declaredSha256: facts.sha256 ?? null,
    problem: await problemOf(bytes, `${width}x${height}`),
  };
}

/** As much of sharp as is needed here. It comes with Miniflare, whose Images binding it is. */
type Sharp = (
  bytes: Buffer,
  options: { failOn: 'warning' },
) => {
  raw(): { toBuffer(options: { resolveWithObject: true }): Promise<{ info: { width: number; height: number } }> };
};
const sharp: Sharp = createRequire(import.meta.resolve('miniflare'))('sharp');

/** Decodes every pixel of a picture. */
async function problemOf(bytes: Buffer, size: string): Promise<string | null> {
  try {
    const { info } = await sharp(bytes, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    const decoded = `${info.width}x${info.height}`;
    return decoded === size ? null : `It is said to be ${size}, and is ${decoded}.`;
  } catch (error) {
    return `It does not decode: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
