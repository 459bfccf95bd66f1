import { Fault } from '../core/fault';
import { sha256Hex } from '../core/fingerprint';
import type { AuditLog } from '../storage/audit-log';
import type { CreditRow, CreditTable } from '../storage/credit-table';
import type { UsageLedger } from '../storage/usage-ledger';
import type { CreditEntry } from './account-messages';
import type { Accounts } from './accounts-port';
import { feeMicros } from './fee';

/** Money that an administrator moves. */
export interface CreditOrder {
  readonly kind: 'top_up' | 'adjustment' | 'refund';
  readonly micros: number;
  /** Of a top-up; 0: none. */
  readonly feePercent: number;
  readonly note: string;
  /** The purchase that a refund is for, by its id or its task's. */
  readonly purchaseId: string | null;
  /** Names the order across repeats; null: each is an order of its own. */
  readonly idempotencyKey: string | null;
}

export interface CreditDeskParts {
  readonly accounts: Pick<Accounts, 'credit' | 'claim'>;
  readonly credits: CreditTable;
  readonly ledger: Pick<UsageLedger, 'findPurchase'>;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/** Books what administrators credit and take. The same order twice, under one idempotency key, is booked once. */
export class CreditDesk {
  readonly #parts: CreditDeskParts;

  constructor(parts: CreditDeskParts) {
    this.#parts = parts;
  }

  /** @throws Fault `conflict` where the key, or the refund of the purchase, stands for another order already. */
  async book(
    actor: string,
    accountId: string,
    asked: CreditOrder,
  ): Promise<{ readonly entries: readonly CreditRow[]; readonly balanceMicros: number }> {
    const { accounts, credits, audit, now } = this.#parts;
    const order = await this.#resolved(accountId, asked);
    const entries = await this.#entriesOf(accountId, order);
    const ids = entries.map(({ id }) => id);
    const known = await credits.find(accountId, ids);
    if (known.length > 0 && !isSame(known, entries)) throw taken(order);
    const { kind, micros, feePercent, note, purchaseId } = order;
    const details = { kind, micros, fee_percent: feePercent, note, purchase_id: purchaseId, entries: ids };
    const entry = { at: now(), actor, action: `credit.${kind}`, target: accountId, details };
    // Before it is booked: a line of a booking that failed does less harm than a booking without a line.
    if (known.length === 0) await audit.record(entry);
    const { balanceMicros } = await accounts.credit(accountId, entries);
    return { entries: known.length > 0 ? known : entries, balanceMicros };
  }

  /** The order with the id of its purchase, where it is a refund that may be booked. */
  async #resolved(accountId: string, order: CreditOrder): Promise<CreditOrder> {
    const { kind, micros, purchaseId } = order;
    if (kind !== 'refund' || purchaseId === null) return order;
    const purchase = await this.#parts.ledger.findPurchase(accountId, purchaseId);
    if (purchase === null) throw Fault.ofField('purchase_id', 'expected a purchase of this account, or its task.');
    if (micros > purchase.spentMicros)
      throw Fault.ofField('micros', `expected at most ${purchase.spentMicros}, which is what the purchase spent.`);
    return { ...order, purchaseId: purchase.id };
  }

  async #entriesOf(accountId: string, order: CreditOrder): Promise<CreditEntry[]> {
    const { kind, micros, feePercent, note, purchaseId } = order;
    const entry = { id: await this.#idOf(accountId, order), kind, micros, note, purchaseId, at: this.#parts.now() };
    const fee = kind === 'top_up' ? feeMicros(micros, feePercent) : 0;
    if (fee === 0) return [entry];
    const feeNote = `${feePercent} % of ${micros} micro-dollars, rounded up`;
    return [entry, { ...entry, id: `${entry.id}-fee`, kind: 'fee', micros: -fee, note: feeNote }];
  }

  /** A purchase has one refund, whoever asks for it how often: the automatic one has the same id. */
  async #idOf(accountId: string, order: CreditOrder): Promise<string> {
    const { kind, purchaseId, idempotencyKey: key } = order;
    if (kind === 'refund') return `refund-${purchaseId}`;
    if (key === null) return `credit-${crypto.randomUUID()}`;
    // Bound to the whole order first, so that two orders at once under one key cannot be booked half and half.
    const isFree = await this.#parts.accounts.claim(accountId, `credit ${key}`, await digestOf(JSON.stringify(order)));
    if (!isFree) throw taken(order);
    return `credit-${(await digestOf(`${accountId}\n${key}`)).slice(0, 32)}`;
  }
}

function digestOf(text: string): Promise<string> {
  return sha256Hex(Uint8Array.from(new TextEncoder().encode(text)));
}

function isSame(known: readonly CreditRow[], entries: readonly CreditEntry[]): boolean {
  const text = (rows: readonly CreditRow[]) => rows.map(({ id, kind, micros }) => [id, kind, micros].join()).join(';');
  return text(known) === text(entries);
}

function taken({ kind }: CreditOrder): Fault {
  if (kind === 'refund') return new Fault('conflict', 'The purchase was refunded already, by another amount.');
  return new Fault('conflict', 'The Idempotency-Key stands for another order already; expected a new one.');
}
