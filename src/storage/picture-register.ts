import { isBeingRemoved } from './picture-claims';

/** A picture that its account keeps whatever the retention. Times in milliseconds. */
export interface Pin {
  readonly fingerprint: string;
  readonly sha256: string;
  readonly pinnedAt: number;
}

/** What became of a pin that was asked for; `missing`: the account bought no such picture, or it expired. */
export type Pinning =
  | { readonly kind: 'pinned'; readonly pin: Pin }
  | { readonly kind: 'being-removed' }
  | { readonly kind: 'missing' };

/** What other accounts have of a picture. */
export interface OthersUse {
  readonly isPinned: boolean;
  readonly isBought: boolean;
}

/** What is known of a picture from before it is made now. */
export interface PicturePast {
  /** The digest of the first time, though it was purged since; null when it never was made. */
  readonly firstDigest: string | null;
  /** Who bought it first, and whether another account did since; none is left where it was purged. */
  readonly firstBuyer: string | null;
  readonly isBoughtByOthers: boolean;
}

/** D1: a row for every picture that was ever stored. It outlives the picture's objects. */
export class PictureRegister {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  async past(fingerprint: string): Promise<PicturePast> {
    const statement = `SELECT ifnull(removed.sha256, renders.sha256) AS firstDigest, account_id AS firstBuyer,
        ifnull(bought_by_others, 0) AS isBoughtByOthers
      FROM (SELECT ?1 AS fingerprint) LEFT JOIN renders USING (fingerprint)
        LEFT JOIN removed_pictures AS removed USING (fingerprint)`;
    const row = await this.#database
      .prepare(statement)
      .bind(fingerprint)
      .first<Pick<PicturePast, 'firstDigest' | 'firstBuyer'> & { readonly isBoughtByOthers: number }>();
    const { firstDigest = null, firstBuyer = null, isBoughtByOthers = 0 } = row ?? {};
    return { firstDigest, firstBuyer, isBoughtByOthers: isBoughtByOthers === 1 };
  }

  /**
   * Pins a picture that the account bought; an earlier pin stays as it is. None is pinned whose files are just being
   * deleted, nor one that expired, unless it was seen in the store since: `storedAt`, null where it is not there.
   */
  async pin(
    accountId: string,
    fingerprint: string,
    { now, storedAt }: { readonly now: number; readonly storedAt: number | null },
  ): Promise<Pinning> {
    // Who bought it first is in its own row. That it was bought again is looked for among the account's purchases.
    const pin = this.#database
      .prepare(
        `INSERT INTO pins (account_id, fingerprint, pinned_at) SELECT ?1, ?2, ?3 FROM renders WHERE fingerprint = ?2
          AND (expired_at IS NULL OR expired_at < ?4) AND NOT ${isBeingRemoved('?2', '?3')}
          AND (account_id = ?1 OR EXISTS (
            SELECT 1 FROM purchases WHERE account_id = ?1 AND fingerprint = ?2 AND outcome = 'ready'))
        ON CONFLICT DO NOTHING`,
      )
      .bind(accountId, fingerprint, now, storedAt);
    const removal = this.#database.prepare(`SELECT ${isBeingRemoved('?1', '?2')} AS isRemoved`).bind(fingerprint, now);
    const read = this.#database
      .prepare(`SELECT ${pinColumns} WHERE pins.account_id = ?1 AND fingerprint = ?2`)
      .bind(accountId, fingerprint);
    const statements = [removal, pin, this.#markPinned(fingerprint), read];
    const [removed, , , found] = await this.#database.batch<Pin & { readonly isRemoved: number }>(statements);
    if (removed?.results[0]?.isRemoved === 1) return { kind: 'being-removed' };
    const pinned = found?.results[0];
    return pinned === undefined ? { kind: 'missing' } : { kind: 'pinned', pin: pinned };
  }

  /** Whether there was such a pin. The picture is kept as long as another account pins it. */
  async unpin(accountId: string, fingerprint: string): Promise<boolean> {
    const statement = 'DELETE FROM pins WHERE account_id = ?1 AND fingerprint = ?2';
    const unpin = this.#database.prepare(statement).bind(accountId, fingerprint);
    const [result] = await this.#database.batch([unpin, this.#markPinned(fingerprint)]);
    return (result?.meta.changes ?? 0) > 0;
  }

  /** An account's pins in the order of their fingerprints, those that come after `after`. */
  async pins(accountId: string, after: string, count: number): Promise<Pin[]> {
    const statement = `SELECT ${pinColumns} WHERE pins.account_id = ?1 AND fingerprint > ?2
      ORDER BY fingerprint LIMIT ?3`;
    return (await this.#database.prepare(statement).bind(accountId, after, count).all<Pin>()).results;
  }

  /** Notes that the objects of these pictures were deleted, but for those that were made again meanwhile. */
  async markExpired(fingerprints: readonly string[], before: number, now: number): Promise<void> {
    const statement = `UPDATE renders SET expired_at = ?3
      WHERE fingerprint IN (SELECT value FROM json_each(?1)) AND ifnull(rerendered_at, stored_at) < ?2`;
    const mark = this.#database.prepare(statement).bind(JSON.stringify(fingerprints), before, now);
    await this.#database.batch([mark, ...fingerprints.map((fingerprint) => this.noteRemoval(fingerprint, now))]);
  }

  /** Who bought a picture, and its digest of the first time; null when it was never made. */
  async find(fingerprint: string): Promise<{ readonly accountId: string; readonly sha256: string } | null> {
    return await this.#database
      .prepare('SELECT account_id AS accountId, sha256 FROM renders WHERE fingerprint = ?1')
      .bind(fingerprint)
      .first<{ accountId: string; sha256: string }>();
  }

  /**
   * How others use a picture that `accountId` bought first: whether one of them pins it, or bought it again. It looks
   * into no purchase: of those there are as many as there ever were.
   */
  async othersUse(fingerprint: string, accountId: string): Promise<OthersUse> {
    const statement = `SELECT bought_by_others AS bought,
        EXISTS (SELECT 1 FROM pins WHERE fingerprint = ?1 AND account_id <> ?2) AS pinned
      FROM renders WHERE fingerprint = ?1`;
    const row = await this.#database.prepare(statement).bind(fingerprint, accountId).first<Record<string, number>>();
    return { isPinned: row?.pinned === 1, isBought: row?.bought === 1 };
  }

  /** Whether a picture was ever in the list, though it was deleted since. */
  async isKnown(fingerprint: string): Promise<boolean> {
    const statement = ['renders', 'removed_pictures'].map((table) => `SELECT 1 FROM ${table} WHERE fingerprint = ?1`);
    return (await this.#database.prepare(statement.join(' UNION ALL ')).bind(fingerprint).first()) !== null;
  }

  /** Pictures that were deleted or made again longer than `graceMs` ago, and whose files were not looked through since. */
  async unswept({ now, graceMs, most }: { now: number; graceMs: number; most: number }): Promise<readonly string[]> {
    const statement = `SELECT fingerprint FROM removed_pictures
      WHERE at <= ?1 - ?2 AND ifnull(swept_at, 0) < at + ?2 ORDER BY at DESC LIMIT ?3`;
    const rows = await this.#database.prepare(statement).bind(now, graceMs, most).all<{ fingerprint: string }>();
    return rows.results.map(({ fingerprint }) => fingerprint);
  }

  async markSwept(fingerprints: readonly string[], now: number): Promise<void> {
    const statement =
      'UPDATE removed_pictures SET swept_at = ?2 WHERE fingerprint IN (SELECT value FROM json_each(?1))';
    if (fingerprints.length > 0) await this.#database.prepare(statement).bind(JSON.stringify(fingerprints), now).run();
  }

  noteRemoval(fingerprint: string, at: number): D1PreparedStatement {
    return noteRemoval(this.#database, fingerprint, at);
  }

  /** Forgets a picture and its pins; statements, so that they can go in one transaction with what is told of it. */
  removal(fingerprint: string): readonly D1PreparedStatement[] {
    return ['renders', 'pins'].map((table) =>
      this.#database.prepare(`DELETE FROM ${table} WHERE fingerprint = ?1`).bind(fingerprint),
    );
  }

  #markPinned(fingerprint: string): D1PreparedStatement {
    const earliest = '(SELECT min(pinned_at) FROM pins WHERE fingerprint = ?1)';
    const statement = `UPDATE renders SET pinned_at = ${earliest} WHERE fingerprint = ?1 AND pinned_at IS NOT ${earliest}`;
    return this.#database.prepare(statement).bind(fingerprint);
  }
}

const pinColumns = 'fingerprint, sha256, pins.pinned_at AS pinnedAt FROM pins JOIN renders USING (fingerprint)';

/** Notes that a picture is deleted, or made again, on purpose: what was bought of it before `at` is not missed. */
export function noteRemoval(database: D1Database, fingerprint: string, at: number): D1PreparedStatement {
  return database
    .prepare(
      `INSERT INTO removed_pictures (fingerprint, at, sha256)
      VALUES (?1, ?2, (SELECT sha256 FROM renders WHERE fingerprint = ?1))
      ON CONFLICT DO UPDATE SET at = max(at, excluded.at), sha256 = ifnull(sha256, excluded.sha256)`,
    )
    .bind(fingerprint, at);
}
