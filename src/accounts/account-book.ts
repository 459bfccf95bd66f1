import type { Budgets } from '../core/spending';
import { dayOf } from '../storage/usage-ledger';
import type { CreditEntry, OpenTask, ReserveRequest, Spend, SpentDay, SpentWithin } from './account-messages';
import { nothingSpent, renewed, type Spent, spend } from './admission';

/** A reservation as it is kept: what was set aside, for which task, and until when. */
export interface Reservation extends OpenTask {
  readonly id: string;
  readonly expiresAt: number;
  /** Names of the allowances that it counts against. */
  readonly allowances: readonly string[];
  /** The picture of the order that it pays for, where that has a name: see `paidOrder`. */
  readonly pays?: string;
}

/** Everything that an Account object keeps, in the tables of its own database. Each step is one small row. */
export class AccountBook {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS reservations (id TEXT PRIMARY KEY, reservation TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS settled (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS spent (name TEXT PRIMARY KEY, at INTEGER NOT NULL, spent TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS ends (name TEXT PRIMARY KEY, ends_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS closed_days (day TEXT PRIMARY KEY, spent_micros INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS drawn (digest TEXT PRIMARY KEY, seed INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS entries (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, entry TEXT NOT NULL, micros INTEGER NOT NULL,
        at INTEGER NOT NULL, is_recorded INTEGER NOT NULL
      ) WITHOUT ROWID;`);
  }

  /** Those that were not settled, the oldest first; some of them have run out. */
  reservations(): Reservation[] {
    const rows = this.#sql.exec<{ reservation: string }>('SELECT reservation FROM reservations');
    const kept = Array.from(rows, ({ reservation }) => JSON.parse(reservation) as Reservation);
    return kept.toSorted((a, b) => a.since - b.since);
  }

  /** Null once it was settled. */
  reservation(id: string): Reservation | null {
    const statement = 'SELECT reservation FROM reservations WHERE id = ?';
    const [row] = this.#sql.exec<{ reservation: string }>(statement, id).toArray();
    return row === undefined ? null : (JSON.parse(row.reservation) as Reservation);
  }

  keepReservation(reservation: Reservation): void {
    this.#sql.exec('INSERT OR REPLACE INTO reservations VALUES (?, ?)', reservation.id, JSON.stringify(reservation));
  }

  dropReservation(id: string): void {
    this.#sql.exec('DELETE FROM reservations WHERE id = ?', id);
  }

  isSettled(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM settled WHERE id = ?', id).toArray().length > 0;
  }

  /** Remembers it for a week from the last try: as long as somebody settles it again, it is not forgotten. */
  keepSettled(id: string, now: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO settled VALUES (?, ?)', id, now);
  }

  /** What the account spent (an empty name), or what was spent within an allowance. */
  spent(name: string): Spent {
    const [row] = this.#sql.exec<{ spent: string }>('SELECT spent FROM spent WHERE name = ?', name).toArray();
    return row === undefined ? nothingSpent : (JSON.parse(row.spent) as Spent);
  }

  spentWithin(name: string, now: number): SpentWithin {
    const { spentMicros, day } = renewed(this.spent(name), now);
    return { todayMicros: day.micros, everMicros: spentMicros };
  }

  /** Adds what a purchase of the account (an empty name), or one within an allowance, spent. */
  spend(name: string, more: Spend): void {
    const before = this.spent(name);
    const after = spend(before, more);
    if (name === '') this.#closeDay(before, after, more);
    this.#keepSpent(name, after, more.at);
  }

  /** What hits cost counts against the account's budgets too; its balance knows it from the entry. */
  spendOnHits(more: Spend): void {
    const before = this.spent('');
    const after = { ...spend(before, more), spentMicros: before.spentMicros };
    this.#closeDay(before, after, { ...more, micros: 0 });
    this.#keepSpent('', after, more.at);
  }

  /** Gives back to an allowance what was refunded of what it has in all. */
  giveBack(name: string, { micros, at }: Spend): void {
    const before = this.spent(name);
    this.#keepSpent(name, { ...before, spentMicros: before.spentMicros - micros }, at);
  }

  #keepSpent(name: string, spent: Spent, at: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO spent VALUES (?, ?, ?)', name, at, JSON.stringify(spent));
  }

  /**
   * With the first change of a day goes a row for the last one: what was ever spent when it closed. What comes after
   * that, and is of a closed day, is added to it and to all that closed since.
   */
  #closeDay({ day, spentMicros }: Spent, after: Spent, { micros, at }: Spend): void {
    const closing = 'INSERT OR REPLACE INTO closed_days VALUES (?, ?)';
    if (day.name !== '' && day.name !== after.day.name) this.#sql.exec(closing, day.name, spentMicros);
    const late = dayOf(at);
    if (micros === 0 || late >= after.day.name) return;
    const opening = `INSERT OR IGNORE INTO closed_days SELECT ?1,
      ifnull((SELECT spent_micros FROM closed_days WHERE day < ?1 ORDER BY day DESC LIMIT 1), 0)`;
    this.#sql.exec(opening, late);
    this.#sql.exec('UPDATE closed_days SET spent_micros = spent_micros + ? WHERE day >= ?', micros, late);
  }

  /** What purchases spent on each UTC day with any, the oldest first. Together they are all that was ever spent. */
  spentDays(): SpentDay[] {
    const rows = this.#sql.exec<SpentDay>('SELECT day, spent_micros AS micros FROM closed_days ORDER BY day').toArray();
    const { day, spentMicros } = this.spent('');
    const closings = [...rows, { day: day.name, micros: spentMicros }];
    const days = closings.map((row, index) => ({ ...row, micros: row.micros - (closings[index - 1]?.micros ?? 0) }));
    return days.filter(({ micros }) => micros !== 0);
  }

  /** Entries by their ids, those after `after`. */
  entriesAfter(after: string, limit: number): CreditEntry[] {
    const statement = 'SELECT entry FROM entries WHERE id > ? ORDER BY id LIMIT ?';
    const rows = this.#sql.exec<{ entry: string }>(statement, after, limit);
    return Array.from(rows, ({ entry }) => JSON.parse(entry) as CreditEntry);
  }

  /** When allowances end of which something may be spent now: then what was spent within them is forgotten. */
  keepEnds({ allowances }: Budgets): void {
    for (const { name, endsAt } of allowances)
      if (endsAt !== undefined) this.#sql.exec('INSERT OR IGNORE INTO ends VALUES (?, ?)', name, endsAt);
  }

  keepDrawn({ drawn }: ReserveRequest, now: number): void {
    if (drawn === null) return;
    this.#sql.exec('INSERT OR REPLACE INTO drawn VALUES (?, ?, ?)', drawn.digest, drawn.seed, now);
  }

  drawnSeed(digest: string, since: number): number | null {
    const statement = 'SELECT seed FROM drawn WHERE digest = ? AND at >= ?';
    return this.#sql.exec<{ seed: number }>(statement, digest, since).toArray()[0]?.seed ?? null;
  }

  /** What an idempotency key stands for: what it stood for already, or `digest` from now on. */
  claim(key: string, digest: string, { now, since }: { readonly now: number; readonly since: number }): string {
    const statement = 'SELECT digest FROM claims WHERE key = ? AND at >= ?';
    const [row] = this.#sql.exec<{ digest: string }>(statement, key, since).toArray();
    if (row !== undefined) return row.digest;
    this.#sql.exec('INSERT OR REPLACE INTO claims VALUES (?, ?, ?)', key, digest, now);
    return digest;
  }

  /** Keeps an entry that the ledger does not have yet. False: it was kept before. */
  keepEntry(accountId: string, entry: CreditEntry): boolean {
    const { id, micros, at } = entry;
    const insert = 'INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, 0)';
    return this.#sql.exec(insert, id, accountId, JSON.stringify(entry), micros, at).rowsWritten > 0;
  }

  hasEntry(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM entries WHERE id = ?', id).toArray().length > 0;
  }

  /** Some entries that the ledger does not have yet, with whose they are. */
  unrecorded(limit: number): { readonly accountId: string; readonly entry: CreditEntry }[] {
    const statement = 'SELECT account_id, entry FROM entries WHERE is_recorded = 0 LIMIT ?';
    const rows = this.#sql.exec<{ account_id: string; entry: string }>(statement, limit);
    return Array.from(rows, (row) => ({ accountId: row.account_id, entry: JSON.parse(row.entry) as CreditEntry }));
  }

  markRecorded(ids: readonly string[]): void {
    const statement = 'UPDATE entries SET is_recorded = 1 WHERE id IN (SELECT value FROM json_each(?))';
    this.#sql.exec(statement, JSON.stringify(ids));
  }

  /** The sum of all entries: what was ever credited. */
  creditedMicros(): number {
    return this.#sql.exec<{ sum: number }>('SELECT ifnull(sum(micros), 0) AS sum FROM entries').one().sum;
  }

  /** Drops what nobody can ask for any more. */
  prune(now: number): void {
    const week = now - 7 * 86_400_000;
    this.#sql.exec('DELETE FROM settled WHERE at < ?', week);
    this.#sql.exec("DELETE FROM reservations WHERE reservation ->> 'expiresAt' < ?", week);
    this.#sql.exec('DELETE FROM drawn WHERE at < ?', now - 3_600_000);
    this.#sql.exec('DELETE FROM claims WHERE at < ?', now - 86_400_000);
    // These are limited by the day alone. What may be spent in all is remembered as long as anything may be.
    this.#sql.exec("DELETE FROM spent WHERE at < ? AND (name LIKE 'client:%' OR name LIKE 'link:%')", week);
    this.#sql.exec('DELETE FROM spent WHERE name IN (SELECT name FROM ends WHERE ends_at < ?)', week);
    this.#sql.exec('DELETE FROM ends WHERE ends_at < ?', week);
  }
}
