/** What a picture is claimed for: to delete its files, or to make it again. */
export type ClaimPurpose = 'removal' | 'rerender';

/** Being the only one who does that with these pictures. */
export interface Claim {
  readonly fingerprints: readonly string[];
  /** Lets others do so. Does nothing where the claim was taken over. */
  release(): Promise<void>;
}

/** As long as nobody can tell work that was cut off from work that goes on. */
export const longestClaimMs = 20 * 60_000;

/**
 * D1: which pictures are just being deleted or made again. Pins are in the same database, so that a claim and a pin are
 * never taken at once: {@link isBeingRemoved}.
 */
export class PictureClaims {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Claims a picture; null while somebody else has it. A claim that was never let go ends by its age. */
  async claim(fingerprint: string, purpose: ClaimPurpose, now: number): Promise<Claim | null> {
    const rows = 'SELECT ?4, ?1, ?2, ?3 WHERE true';
    const claim = await this.#take(rows, { purpose, now, given: [fingerprint] });
    return claim.fingerprints.length === 0 ? null : claim;
  }

  /** Claims pictures that were stored before `before` and are not pinned, the oldest first, to delete them. */
  async claimOld(before: number, count: number, now: number): Promise<Claim> {
    const rows = `SELECT fingerprint, ?1, ?2, ?3 FROM renders
      WHERE ifnull(rerendered_at, stored_at) < ?4 AND pinned_at IS NULL AND expired_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM picture_claims WHERE fingerprint = renders.fingerprint AND since > ?3 - ${longestClaimMs})
      ORDER BY ifnull(rerendered_at, stored_at) LIMIT ?5`;
    return await this.#take(rows, { purpose: 'removal', now, given: [before, count] });
  }

  async #take(
    rows: string,
    { purpose, now, given }: { purpose: ClaimPurpose; now: number; given: readonly (string | number)[] },
  ): Promise<Claim> {
    const holder = crypto.randomUUID();
    const statement = `INSERT INTO picture_claims (fingerprint, purpose, holder, since) ${rows}
      ON CONFLICT DO UPDATE SET purpose = excluded.purpose, holder = excluded.holder, since = excluded.since
      WHERE picture_claims.since <= excluded.since - ${longestClaimMs} RETURNING fingerprint`;
    const taken = this.#database.prepare(statement).bind(purpose, holder, now, ...given);
    const { results } = await taken.all<{ fingerprint: string }>();
    const release = async () => {
      const list = JSON.stringify(results.map(({ fingerprint }) => fingerprint));
      const statement = `DELETE FROM picture_claims WHERE fingerprint IN (SELECT value FROM json_each(?1)) AND holder = ?2`;
      if (results.length > 0) await this.#database.prepare(statement).bind(list, holder).run();
    };
    return { fingerprints: results.map(({ fingerprint }) => fingerprint), release };
  }
}

/** SQL: whether the files of `fingerprint` are being deleted at the time `now`; both are expressions. */
export function isBeingRemoved(fingerprint: string, now: string): string {
  return `EXISTS (SELECT 1 FROM picture_claims AS removal WHERE removal.fingerprint = ${fingerprint}
    AND removal.purpose = 'removal' AND removal.since > ${now} - ${longestClaimMs})`;
}
