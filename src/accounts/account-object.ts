import { DurableObject } from 'cloudflare:workers';
import { AccountBook } from './account-book';
import type { CreditEntry, OpenTask, ReserveRequest, SettleRequest, SpentDay, Standing } from './account-messages';
import { admit, renewed, type Sums, type Verdict } from './admission';
import { Buckets } from './buckets';
import { OpenReservations } from './open-reservations';
import { boundsOf, openTaskOf, reservationOf } from './reservation';

/** What an Account object may touch outside itself. */
export interface AccountPorts {
  /** Writes entries into the ledger; each is one row however often it is sent. */
  record(accountId: string, entries: readonly CreditEntry[]): Promise<void>;
  /** Whether a render that the money was set aside for has begun, and is not settled. */
  isUnderWay(fingerprint: string, reservationId: string): Promise<boolean>;
  log(event: string, facts: Readonly<Record<string, unknown>>): void;
}

const drawnForMs = 600_000;
const claimedForMs = 86_400_000;
const pruneEveryMs = 6 * 3_600_000;
const recordAtOnce = 100;
const retryRecordMs = 5_000;
/** After a start: time for renders that were just reserving to write that they began. */
const doubtMs = 10_000;

/**
 * An account's money. Every decision is one synchronous step, so that no number of requests at once gets past a limit;
 * what was decided is on disk before the answer leaves. Token buckets live in memory: whoever waits for them to be
 * forgotten has waited for them to fill.
 */
export abstract class AccountObjectBase<Env> extends DurableObject<Env> {
  protected abstract readonly ports: AccountPorts;
  readonly #book: AccountBook;
  readonly #open = new OpenReservations();
  readonly #buckets = new Buckets();
  /** Reservations from before this object was started: their renders may have been killed before they began. */
  readonly #doubtful: Set<string>;
  #creditedMicros: number;
  #prunedAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#book = new AccountBook(ctx.storage.sql);
    this.#creditedMicros = this.#book.creditedMicros();
    const now = Date.now();
    const current = this.#book.reservations().filter(({ expiresAt }) => expiresAt > now);
    for (const reservation of current) this.#open.add(reservation);
    this.#doubtful = new Set(current.map(({ id }) => id));
    if (current.length > 0) ctx.waitUntil(ctx.storage.setAlarm(now + doubtMs));
  }

  /** Sets money aside for a purchase, or says why it may not begin. The same id twice is one reservation. */
  reserve(request: ReserveRequest): Verdict {
    const now = Date.now();
    this.#heal(now);
    if (this.#open.has(request.id) || this.#book.isSettled(request.id)) return { kind: 'admitted' };
    this.#dropOrphan(request);
    const begun = this.#open.begunOf(request.order.id);
    const pictures = Math.max(1, request.order.pictures - begun);
    this.#open.leave(request.order.id);
    const asked = boundsOf(request).map(({ name, bounds }) => {
      return {
        name,
        ...admit(this.#sums(name), bounds, {
          micros: request.micros,
          pictures,
          tokens: begun === 0 ? pictures : 0,
          now,
        }),
      };
    });
    const refused = asked.find(({ verdict }) => verdict.kind !== 'admitted');
    if (refused !== undefined) return refused.verdict;
    for (const { name, bucket } of asked) this.#buckets.keep(name, bucket, now);
    const reservation = reservationOf(request, now);
    this.ctx.storage.transactionSync(() => {
      this.#book.keepReservation(reservation);
      this.#book.keepDrawn(request, now);
      this.#book.keepEnds(request);
    });
    this.#open.add(reservation);
    this.#open.begin(request.order, reservation);
    return { kind: 'admitted' };
  }

  /** Turns a reservation into what was spent; nothing releases it. It counts although it has run out, and once. */
  async settle(request: SettleRequest): Promise<void> {
    const now = Date.now();
    const { id, refunds } = request;
    if (this.#book.isSettled(id)) return this.#book.keepSettled(id, now);
    this.ctx.storage.transactionSync(() => {
      this.#keepSettlement(request, this.#book.reservation(id)?.allowances ?? []);
      this.#book.keepSettled(id, now);
      this.#book.dropReservation(id);
    });
    this.#open.remove(id);
    if (refunds.length > 0) await this.#recordSurely(now);
    this.#prune(now);
  }

  /** Books entries, each once. They are in the ledger when this answers, or an alarm goes on trying. */
  async credit(accountId: string, entries: readonly CreditEntry[]): Promise<Standing> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      for (const entry of entries) this.#keepEntry(accountId, entry);
    });
    await this.#recordSurely(now);
    return this.standing();
  }

  standing(): Standing {
    const now = Date.now();
    this.#heal(now);
    const { spentMicros, day, month, balanceMicros, reservedMicros, inFlight } = this.#sums('');
    return {
      ...{ creditedMicros: this.#creditedMicros, spentMicros, balanceMicros, reservedMicros, inFlight },
      ...renewed({ spentMicros, day, month }, now),
      oldestReservationAt: this.#open.oldest(),
    };
  }

  /** Renders under way, newest first. */
  openTasks(): OpenTask[] {
    this.#heal(Date.now());
    return [...this.#open.all()].map(openTaskOf).reverse();
  }

  /** What was spent within allowances, in their order. */
  spentWithin(names: readonly string[]) {
    return names.map((name) => this.#book.spentWithin(name, Date.now()));
  }

  /** What purchases spent on each UTC day: enough to restore a ledger's totals. */
  spentDays(): SpentDay[] {
    return this.#book.spentDays();
  }

  /** Entries by their ids, those after `after`. */
  entriesAfter(after: string, limit: number): CreditEntry[] {
    return this.#book.entriesAfter(after, limit);
  }

  seedOf(digest: string): number | null {
    return this.#book.drawnSeed(digest, Date.now() - drawnForMs);
  }

  claim(key: string, digest: string): boolean {
    const now = Date.now();
    this.#prune(now);
    return this.#book.claim(key, digest, { now, since: now - claimedForMs }) === digest;
  }

  /** Goes on telling the ledger what it does not have yet, and frees what renders that were killed had set aside. */
  override async alarm(): Promise<void> {
    await this.#record();
    await this.#settleDoubts();
  }

  async #settleDoubts(): Promise<void> {
    for (const id of this.#doubtful) {
      const reservation = this.#open.get(id);
      try {
        const isOrphan = reservation !== undefined && !(await this.ports.isUnderWay(reservation.fingerprint, id));
        if (isOrphan && this.#open.has(id)) this.#drop(id);
        this.#doubtful.delete(id);
      } catch (thrown) {
        this.ports.log('doubt-error', { cause: String(thrown) });
        return await this.ctx.storage.setAlarm(Date.now() + doubtMs);
      }
    }
  }

  /** The alarm is on disk with the entries: whoever is killed while it tells the ledger goes on by it. */
  async #recordSurely(now: number): Promise<void> {
    await this.ctx.storage.setAlarm(now + retryRecordMs);
    await this.#record();
  }

  async #record(): Promise<void> {
    try {
      for (;;) {
        const batch = this.#book.unrecorded(recordAtOnce);
        const [first] = batch;
        if (first === undefined) return;
        const entries = batch.map(({ entry }) => entry);
        await this.ports.record(first.accountId, entries);
        this.#book.markRecorded(entries.map(({ id }) => id));
      }
    } catch (thrown) {
      this.ports.log('credit-error', { cause: String(thrown) });
      await this.ctx.storage.setAlarm(Date.now() + retryRecordMs);
    }
  }

  #keepSettlement({ accountId, spent, refunds }: SettleRequest, allowances: readonly string[]): void {
    const costly = spent.filter(({ micros }) => micros > 0);
    for (const name of ['', ...allowances]) for (const purchase of costly) this.#book.spend(name, purchase);
    for (const refund of refunds) {
      for (const name of allowances) this.#book.giveBack(name, refund);
      this.#keepEntry(accountId, refund);
    }
  }

  #keepEntry(accountId: string, entry: CreditEntry): void {
    const { kind, micros, at } = entry;
    if (!this.#book.keepEntry(accountId, entry)) return;
    this.#creditedMicros += micros;
    if (kind === 'hits') this.#book.spendOnHits({ micros: -micros, at });
  }

  /** The sums of the account (an empty name) or of an allowance, with what is set aside at the moment. */
  #sums(name: string): Sums {
    const spent = this.#book.spent(name);
    const balanceMicros = name === '' ? this.#creditedMicros - spent.spentMicros : 0;
    return { ...spent, ...this.#open.sumOf(name), balanceMicros, bucket: this.#buckets.of(name) };
  }

  /**
   * One Render object makes a picture, and reserves only while nothing of it is under way: an earlier reservation for the
   * same picture is of a render that was killed before it began.
   */
  #dropOrphan({ fingerprint }: ReserveRequest): void {
    const orphan = this.#open.ofPicture(fingerprint);
    if (orphan !== undefined) this.#drop(orphan.id);
  }

  #drop(id: string): void {
    this.#open.remove(id);
    this.#book.dropReservation(id);
    this.ports.log('reservation-orphaned', { id });
  }

  /**
   * Frees what is set aside for renders that can be under way no more: nobody settled them, so nothing is known to be
   * spent. The book keeps them a week longer: one that is settled late counts against its key all the same.
   */
  #heal(now: number): void {
    this.#open.leaveExpired(now);
    for (const { id } of this.#open.expired(now)) {
      this.#open.remove(id);
      this.ports.log('reservation-expired', { id });
    }
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < pruneEveryMs) return;
    this.#prunedAt = now;
    this.#book.prune(now);
  }
}
