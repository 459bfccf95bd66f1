import type {
  CreditEntry,
  OpenTask,
  ReserveRequest,
  SettleRequest,
  SpentDay,
  SpentWithin,
  Standing,
} from './account-messages';
import type { AccountObjectBase } from './account-object';
import type { Verdict } from './admission';
import type { ChargeRequest, HoldAnswer, HoldRequest, PayAnswer, PayRequest } from './hit-messages';

export type {
  CreditEntry,
  OpenTask,
  ReserveRequest,
  SettleRequest,
  SpentDay,
  SpentWithin,
  Standing,
} from './account-messages';

/** The accounts' face towards everybody else. */
export interface Accounts {
  reserve(accountId: string, request: ReserveRequest): Promise<Verdict>;
  /** Safe to repeat. */
  settle(request: SettleRequest): Promise<void>;
  /** Books entries, each once however often it is sent, here and in the ledger. Entries of kind `hits` are spent from budgets too. */
  credit(accountId: string, entries: readonly CreditEntry[]): Promise<Standing>;
  /** Sets money aside for hits or joins that may come. */
  hold(accountId: string, request: HoldRequest): Promise<HoldAnswer>;
  /** Turns holds into what came of them, once however often it is sent. */
  charge(request: ChargeRequest): Promise<void>;
  /** Has an order pay for hits that it did not pay for before, once however often it is sent. */
  pay(request: PayRequest): Promise<PayAnswer>;
  standing(accountId: string): Promise<Standing>;
  /** Newest first. */
  openTasks(accountId: string): Promise<readonly OpenTask[]>;
  /** What was spent within its allowances of these names, in their order. */
  spentWithin(accountId: string, names: readonly string[]): Promise<readonly SpentWithin[]>;
  /** What its purchases spent on each UTC day, the oldest first. */
  spentDays(accountId: string): Promise<readonly SpentDay[]>;
  /** Its entries by their ids, those after `after`. */
  entriesAfter(accountId: string, after: string, limit: number): Promise<readonly CreditEntry[]>;
  /** The seed drawn for the same order within the last ten minutes; null when there was none. */
  seedOf(accountId: string, digest: string): Promise<number | null>;
  /** Binds an idempotency key to an order for a day; false where it is bound to another one. */
  claim(accountId: string, key: string, digest: string): Promise<boolean>;
}

type Face = Pick<
  AccountObjectBase<unknown>,
  | 'reserve'
  | 'settle'
  | 'credit'
  | 'hold'
  | 'charge'
  | 'pay'
  | 'standing'
  | 'openTasks'
  | 'spentWithin'
  | 'spentDays'
  | 'entriesAfter'
  | 'seedOf'
  | 'claim'
>;
type Stub = {
  readonly [Name in keyof Face]: (...given: Parameters<Face[Name]>) => Promise<Awaited<ReturnType<Face[Name]>>>;
};
export interface AccountNamespace {
  getByName(name: string): unknown;
}

const tries = 3;

/**
 * Account objects by id. Every call is safe to repeat, and is repeated where an object was just restarted or moved.
 * @param changed called when an account may have got, or got back, money or a place
 */
export function accountsPort(namespace: AccountNamespace, changed: () => void = () => undefined): Accounts {
  // The platform's own type of a stub is too deep for the compiler to compare with ours.
  const stubOf = (accountId: string) => namespace.getByName(accountId) as Stub;
  return {
    reserve: (accountId, request) => again(() => stubOf(accountId).reserve(request)),
    settle: (request) => again(() => stubOf(request.accountId).settle(request)).finally(changed),
    credit: (accountId, entries) => again(() => stubOf(accountId).credit(accountId, entries)).finally(changed),
    hold: (accountId, request) => again(() => stubOf(accountId).hold(request)),
    charge: (request) => again(() => stubOf(request.accountId).charge(request)).finally(changed),
    pay: (request) => again(() => stubOf(request.accountId).pay(request)),
    standing: (accountId) => again(() => stubOf(accountId).standing()),
    openTasks: (accountId) => again(() => stubOf(accountId).openTasks()),
    spentWithin: (accountId, names) => again(() => stubOf(accountId).spentWithin(names)),
    spentDays: (accountId) => again(() => stubOf(accountId).spentDays()),
    entriesAfter: (accountId, after, limit) => again(() => stubOf(accountId).entriesAfter(after, limit)),
    seedOf: (accountId, digest) => again(() => stubOf(accountId).seedOf(digest)),
    claim: (accountId, key, digest) => again(() => stubOf(accountId).claim(key, digest)),
  };
}

async function again<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (thrown) {
      if (attempt >= tries) throw thrown;
      await scheduler.wait(50 * attempt);
    }
  }
}
