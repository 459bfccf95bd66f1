import { DurableObject } from 'cloudflare:workers';
import { AccountBook } from './account-book';
import type { CreditEntry, OpenTask, ReserveRequest, SettleRequest, SpentDay, Standing } from './account-messages';
import type { AccountPorts } from './account-ports';
import { admit, renewed, type Sums, type Verdict } from './admission';
import { Buckets } from './buckets';
import { Doubts } from './doubts';
import { EntryOutbox } from './entry-outbox';
import { HitDesk } from './hit-desk';
import type { ChargeRequest, HoldAnswer, HoldRequest, PayAnswer, PayRequest } from './hit-messages';
import { OpenReservations } from './open-reservations';
import { boundsOf, openTaskOf, reservationOf } from './reservation';

const drawnForMs = 600_000;
const claimedForMs = 86_400_000;
const pruneEveryMs = 6 * 3_600_000;

/**
 * An account's money. Every decision is one synchronous step, so that no number of requests at once gets past a limit;
 * what was decided is on disk before the answer leaves. Token buckets live in memory: whoever waits for them to be
 * forgotten has waited for them to fill.
 */
export abstract class AccountObjectBase<Env> extends DurableObject<Env> {
  protected abstract readonly ports: AccountPorts;
  readonly #book: AccountBook;
  readonly #outbox: EntryOutbox;
  readonly #hits: HitDesk;
  readonly #open = new OpenReservations();
  readonly #buckets = new Buckets();
  readonly #doubts: Doubts;
  #creditedMicros: number;
  #prunedAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#book = new AccountBook(ctx.storage.sql);
    this.#outbox = new EntryOutbox(ctx.storage, this.#book);
    this.#hits = new HitDesk({
      ...{ storage: ctx.storage, book: this.#book },
      sums: (name) => this.#sums(name),
      isPaying: (picture) => this.#open.isPaying(picture),
      keepEntry: (accountId, entry) => this.#keepEntry(accountId, entry),
    });
    this.#creditedMicros = this.#book.creditedMicros();
    const now = Date.now();
    const current = this.#book.reservations().filter(({ expiresAt }) => expiresAt > now);
    for (const reservation of current) this.#open.add(reservation);
    this.#doubts = new Doubts(ctx, current, { open: this.#open, drop: (id) => this.#drop(id) });
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
    const { id, refunds, paid = null } = request;
    if (this.#book.isSettled(id)) return this.#book.keepSettled(id, now);
    this.ctx.storage.transactionSync(() => {
      this.#keepSettlement(request, this.#book.reservation(id)?.allowances ?? []);
      this.#book.keepSettled(id, now);
      this.#book.dropReservation(id);
      if (paid !== null) this.#hits.keepPaid(paid, now);
    });
    this.#open.remove(id);
    if (refunds.length > 0) await this.#outbox.recordSurely(this.ports, now);
    this.#prune(now);
  }

  /** Books entries, each once. They are in the ledger when this answers, or an alarm goes on trying. */
  async credit(accountId: string, entries: readonly CreditEntry[]): Promise<Standing> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      for (const entry of entries) this.#keepEntry(accountId, entry);
    });
    await this.#outbox.recordSurely(this.ports, now);
    return this.standing();
  }

  /** Sets money aside for hits or joins that may come. */
  hold(request: HoldRequest): HoldAnswer {
    const now = Date.now();
    this.#heal(now);
    for (const order of request.joining ?? []) this.#open.spare(order);
    return this.#hits.hold(request, now);
  }

  /** Turns holds into what came of them. They pay no more than was set aside: no hit takes what is not there. */
  async charge(request: ChargeRequest): Promise<void> {
    const now = Date.now();
    this.#heal(now);
    const { isBooked, missingMicros: micros } = this.#hits.charge(request, now);
    if (micros > 0) this.ports.log('hold-ran-out', { entry: request.entry.id, micros });
    if (isBooked) await this.#outbox.recordSurely(this.ports, now);
    this.#prune(now);
  }

  /** Has an order pay for those hits that it did not pay for before. Whoever waits for it does not wait for the ledger. */
  pay(request: PayRequest): PayAnswer {
    const now = Date.now();
    this.#heal(now);
    const answer = this.#hits.pay(request, now);
    if (answer.kind === 'paid' && answer.count > 0) this.ctx.waitUntil(this.#outbox.recordSurely(this.ports, now));
    return answer;
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
    await this.#outbox.record(this.ports);
    await this.#doubts.settle(this.ports);
  }

  #keepSettlement({ accountId, spent, refunds }: SettleRequest, allowances: readonly string[]): void {
    const costly = spent.filter(({ micros }) => micros > 0);
    for (const name of ['', ...allowances]) for (const purchase of costly) this.#book.spend(name, purchase);
    for (const refund of refunds) {
      for (const name of allowances) this.#book.giveBack(name, refund);
      this.#keepEntry(accountId, refund);
    }
  }

  #keepEntry(accountId: string, entry: CreditEntry): boolean {
    const { kind, micros, at } = entry;
    if (!this.#book.keepEntry(accountId, entry)) return false;
    this.#creditedMicros += micros;
    if (kind === 'hits') this.#book.spendOnHits({ micros: -micros, at });
    return true;
  }

  /** The sums of the account (an empty name) or of an allowance, with what is set aside at the moment. */
  #sums(name: string): Sums {
    const spent = this.#book.spent(name);
    const balanceMicros = name === '' ? this.#creditedMicros - spent.spentMicros : 0;
    const { reservedMicros, inFlight } = this.#open.sumOf(name);
    const bucket = this.#buckets.of(name);
    return { ...spent, balanceMicros, reservedMicros: reservedMicros + this.#hits.heldMicros(name), inFlight, bucket };
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
    for (const id of this.#hits.heal(now)) this.ports.log('hold-expired', { id });
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < pruneEveryMs) return;
    this.#prunedAt = now;
    this.#book.prune(now);
    this.#hits.prune(now);
  }
}
