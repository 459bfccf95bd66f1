/** What a picture is claimed for: to delete its files, or to make it again. */
export type ClaimPurpose = 'removal' | 'rerender';

/** Being the only one who does that with these pictures. */
export interface Claim {
  readonly fingerprints: readonly string[];
  /** Says that the work goes on. Does nothing where the claim was taken over. */
  renew(now: number): Promise<void>;
  /** Lets others do so. Does nothing where the claim was taken over. */
  release(): Promise<void>;
}

/** How long after it was taken, or renewed the last time, a claim ends: whoever had it was cut off. */
export const longestClaimMs = 75_000;
/** So that three renewals may fail in a row. */
const renewedEveryMs = 20_000;

/** Does what pictures were claimed for: the claim is renewed as long as that takes, and let go afterwards. */
export async function whileHolding<Result>(claim: Claim, work: () => Promise<Result>): Promise<Result> {
  const renewal = setInterval(() => void claim.renew(Date.now()).catch(() => undefined), renewedEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await claim.release();
  }
}

/**
 * D1: which pictures are just being deleted or made again. Pins are in the same database, so that a claim and a pin are
 * never taken at once: {@link isBeingRemoved}.
 */
export class PictureClaims {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /**
   * Claims a picture; null while somebody has it. A claim that is not let go ends once nobody renews it.
   * @param name of the order that it is claimed for: see {@link isOthers}
   */
  async claim(fingerprint: string, purpose: ClaimPurpose, now: number, name = ''): Promise<Claim | null> {
    const rows = 'SELECT ?4, ?1, ?2, ?3 WHERE true';
    const claim = await this.#take(rows, { purpose, now, name, given: [fingerprint] });
    return claim.fingerprints.length === 0 ? null : claim;
  }

  /** Whether a picture is claimed just now, and not for the order of that name. */
  async isOthers(fingerprint: string, name: string, now: number): Promise<boolean> {
    const statement = `SELECT 1 FROM picture_claims
      WHERE fingerprint = ?1 AND since > ?3 - ${longestClaimMs} AND substr(holder, 1, length(?2)) <> ?2`;
    return (await this.#database.prepare(statement).bind(fingerprint, name, now).first()) !== null;
  }

  /** Claims pictures that were stored before `before` and are not pinned, the oldest first, to delete them. */
  async claimOld(before: number, count: number, now: number): Promise<Claim> {
    const rows = `SELECT fingerprint, ?1, ?2, ?3 FROM renders
      WHERE ifnull(rerendered_at, stored_at) < ?4 AND pinned_at IS NULL AND expired_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM picture_claims WHERE fingerprint = renders.fingerprint AND since > ?3 - ${longestClaimMs})
      ORDER BY ifnull(rerendered_at, stored_at) LIMIT ?5`;
    return await this.#take(rows, { purpose: 'removal', now, given: [before, count] });
  }

  async #take(rows: string, { purpose, now, name = '', given }: Taking): Promise<Claim> {
    const holder = name + crypto.randomUUID();
    const statement = `INSERT INTO picture_claims (fingerprint, purpose, holder, since) ${rows}
      ON CONFLICT DO UPDATE SET purpose = excluded.purpose, holder = excluded.holder, since = excluded.since
      WHERE picture_claims.since <= excluded.since - ${longestClaimMs} RETURNING fingerprint`;
    const taken = this.#database.prepare(statement).bind(purpose, holder, now, ...given);
    const { results } = await taken.all<{ fingerprint: string }>();
    const fingerprints = results.map(({ fingerprint }) => fingerprint);
    const run = async (deed: string, ...given: readonly number[]) => {
      const statement = `${deed} WHERE fingerprint IN (SELECT value FROM json_each(?1)) AND holder = ?2`;
      if (fingerprints.length === 0) return;
      await this.#database
        .prepare(statement)
        .bind(JSON.stringify(fingerprints), holder, ...given)
        .run();
    };
    return {
      fingerprints,
      renew: (at) => run('UPDATE picture_claims SET since = max(since, ?3)', at),
      release: () => run('DELETE FROM picture_claims'),
    };
  }
}

interface Taking {
  readonly purpose: ClaimPurpose;
  readonly now: number;
  readonly name?: string;
  /** What the rows are chosen by, from the fourth parameter on. */
  readonly given: readonly (string | number)[];
}

/** SQL: whether the files of `fingerprint` are being deleted at the time `now`; both are expressions. */
export function isBeingRemoved(fingerprint: string, now: string): string {
  return `EXISTS (SELECT 1 FROM picture_claims AS removal WHERE removal.fingerprint = ${fingerprint}
    AND removal.purpose = 'removal' AND removal.since > ${now} - ${longestClaimMs})`;
}
