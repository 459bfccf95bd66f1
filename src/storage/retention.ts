/** How much one run may do. */
const work = { batches: 500, rowsAtOnce: 2_000 };

/** What a run of the retention did. */
export interface Removed {
  readonly purchases: number;
  readonly auditEntries: number;
  /** Whether there may be more to remove: the next run goes on. */
  readonly isPartial: boolean;
}

/** What the audit log says of a run that removed purchases: see {@link Retention.removedBefore}. */
const removalAction = 'retention.remove';

/**
 * Removes old rows in bounded batches: purchases, of which the roll-ups of their days stay, and audit entries. Safe to
 * repeat, and to be cut off at any point.
 */
export class Retention {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Removes what is older than `before` (milliseconds since 1970), so many batches of so many rows at most. */
  async removeBefore(before: number, now: number, { batches, rowsAtOnce } = work): Promise<Removed> {
    // First, so that whoever compares the rows with the roll-ups knows it from the first row that goes.
    if ((await this.#removedBefore()) < before && (await this.#hasPurchases(before))) await this.#note(before, now);
    let left = batches;
    let purchases = 0;
    for (const accountId of await this.#accounts()) {
      for (let removed = rowsAtOnce; removed === rowsAtOnce && left > 0; left -= 1) {
        removed = await this.#removePurchases(accountId, before, rowsAtOnce);
        purchases += removed;
      }
    }
    let auditEntries = 0;
    for (let removed = rowsAtOnce; removed === rowsAtOnce && left > 0; left -= 1) {
      removed = await this.#removeAuditEntries(before, rowsAtOnce);
      auditEntries += removed;
    }
    return { purchases, auditEntries, isPartial: left <= 0 };
  }

  /** The time before which purchases may be gone; 0: none ever was removed. */
  async #removedBefore(): Promise<number> {
    return await removedBefore(this.#database);
  }

  async #hasPurchases(before: number): Promise<boolean> {
    for (const accountId of await this.#accounts()) {
      const row = await this.#database
        .prepare('SELECT 1 FROM purchases WHERE account_id = ?1 AND settled_at < ?2 LIMIT 1')
        .bind(accountId, before)
        .first();
      if (row !== null) return true;
    }
    return false;
  }

  /** Accounts that have purchases: each is found in the index, no row is read twice. */
  async #accounts(): Promise<readonly string[]> {
    const statement = `WITH RECURSIVE found (id) AS (
        SELECT min(account_id) FROM purchases
        UNION ALL SELECT (SELECT min(account_id) FROM purchases WHERE account_id > found.id) FROM found WHERE id IS NOT NULL
      ) SELECT id FROM found WHERE id IS NOT NULL`;
    const rows = await this.#database.prepare(statement).all<{ id: string }>();
    return rows.results.map(({ id }) => id);
  }

  async #removePurchases(accountId: string, before: number, limit: number): Promise<number> {
    const statement = `DELETE FROM purchases WHERE account_id = ?1 AND (settled_at, id) IN (
      SELECT settled_at, id FROM purchases WHERE account_id = ?1 AND settled_at < ?2
      ORDER BY settled_at, id LIMIT ?3)`;
    return (await this.#database.prepare(statement).bind(accountId, before, limit).run()).meta.changes;
  }

  async #removeAuditEntries(before: number, limit: number): Promise<number> {
    const statement = `DELETE FROM audit_entries WHERE (at, id) IN (
      SELECT at, id FROM audit_entries WHERE at < ?1 ORDER BY at, id LIMIT ?2)`;
    return (await this.#database.prepare(statement).bind(before, limit).run()).meta.changes;
  }

  async #note(before: number, now: number): Promise<void> {
    await this.#database
      .prepare('INSERT INTO audit_entries (at, id, actor, action, target, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)')
      .bind(now, crypto.randomUUID(), 'retention', removalAction, 'purchases', JSON.stringify({ before }))
      .run();
  }
}

/** The time before which purchases may be gone; 0: none ever was removed. */
export async function removedBefore(database: D1Database): Promise<number> {
  const statement = `SELECT details->>'before' AS before FROM audit_entries WHERE action = ?1 ORDER BY at DESC LIMIT 1`;
  const row = await database.prepare(statement).bind(removalAction).first<{ before: number }>();
  return Number(row?.before ?? 0);
}
