import { factsOf, masterKey, recipeKey } from './picture-store';

/** A picture's row in the list of renders, with the digest of what was stored last. */
export interface RenderRow {
  readonly fingerprint: string;
  readonly sha256: string;
}

/** What is stored of a picture. Hashes in hex; null: not known. */
export interface StoredState {
  readonly master: { readonly sha256: string | null; readonly factsSha256: string | null } | null;
  readonly hasRecipe: boolean;
}

/** What reconciling reads of the pictures and of their list, a page at a time. */
export class PictureInventory {
  readonly #database: D1Database;
  readonly #bucket: R2Bucket;

  constructor(database: D1Database, bucket: R2Bucket) {
    this.#database = database;
    this.#bucket = bucket;
  }

  /** Rows of the list after a fingerprint, but for pictures that were deleted by age. */
  async rowsAfter(fingerprint: string, limit: number): Promise<readonly RenderRow[]> {
    const statement = `SELECT fingerprint, ifnull(last_sha256, sha256) AS sha256 FROM renders
      WHERE fingerprint > ?1 AND expired_at IS NULL ORDER BY fingerprint LIMIT ?2`;
    return (await this.#database.prepare(statement).bind(fingerprint, limit).all<RenderRow>()).results;
  }

  /** Two reads. */
  async state(fingerprint: string): Promise<StoredState> {
    const [master, recipe] = await Promise.all([
      this.#bucket.head(masterKey(fingerprint)),
      this.#bucket.head(recipeKey(fingerprint)),
    ]);
    if (master === null) return { master: null, hasRecipe: recipe !== null };
    const digest = master.checksums.sha256;
    const sha256 = digest === undefined ? null : new Uint8Array(digest).toHex();
    return { master: { sha256, factsSha256: factsOf(master)?.sha256 ?? null }, hasRecipe: recipe !== null };
  }

  /** Fingerprints under which something is stored, and the place of the next page; null: there is none. */
  async stored(place: string | null, limit: number): Promise<{ fingerprints: readonly string[]; next: string | null }> {
    const options = { prefix, delimiter: '/', limit, ...(place === null ? {} : { cursor: place }) };
    const listed = await this.#bucket.list(options);
    const fingerprints = listed.delimitedPrefixes.map((path) => path.slice(prefix.length, -1));
    return { fingerprints, next: listed.truncated ? listed.cursor : null };
  }

  /** Those of the fingerprints that are not in the list of renders. */
  async withoutRow(fingerprints: readonly string[]): Promise<readonly string[]> {
    const statement = `SELECT value AS fingerprint FROM json_each(?1)
      WHERE NOT EXISTS (SELECT 1 FROM renders WHERE renders.fingerprint = json_each.value)`;
    const result = await this.#database
      .prepare(statement)
      .bind(JSON.stringify(fingerprints))
      .all<{ fingerprint: string }>();
    return result.results.map((row) => row.fingerprint);
  }
}

const prefix = 'pictures/';
