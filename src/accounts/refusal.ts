import { Fault, type FaultRecord } from '../core/fault';
import type { Refusal } from './admission';

const minute = 60;

/** A refusal as the caller reads it. Money is 402: waiting alone does not help a client. Speed is 429: waiting does. */
export function refusalFault(refusal: Refusal): Fault {
  switch (refusal.kind) {
    case 'no-credit':
      return new Fault(
        'insufficient_credit',
        `The account has ${dollars(refusal.availableMicros)} left, and this needs up to ${dollars(refusal.neededMicros)}. Nothing was bought; it goes on once credits are added.`,
      );
    case 'over-budget':
      return new Fault(
        'insufficient_credit',
        budgetMessage(refusal),
        refusal.renewsAt === null ? {} : { renewsAt: refusal.renewsAt },
      );
    case 'too-large':
      return new Fault(
        'invalid_request',
        `The order is for ${refusal.pictures} new pictures, and a limit of the key or its account lets ${refusal.limit} begin together. Nothing was bought; order at most ${refusal.limit} at once.`,
      );
    case 'too-fast':
      return new Fault(
        'rate_limited',
        `A limit of the key or its account lets ${pictures(refusal.limit, 'new ')} begin in a minute; this order can begin in ${refusal.retryAfterSeconds} s. Nothing was bought.`,
        limitDetails(refusal, minute),
      );
    case 'too-many':
      return new Fault(
        'rate_limited',
        `A limit of the key or its account lets ${pictures(refusal.limit)} be in the making at once, and this order would make it more. Nothing was bought; send it again when others have finished.`,
        limitDetails(refusal, refusal.retryAfterSeconds),
      );
  }
}

const pictures = (count: number, kind = '') => `${count} ${kind}${count === 1 ? 'picture' : 'pictures'}`;

/** Whether it is gone as soon as any other render of the account ends. */
export function isForAPlace({ rateLimit }: FaultRecord): boolean {
  return rateLimit !== undefined && rateLimit.windowSeconds !== minute;
}

/** Micro-dollars as people read them: at least cents, and never rounded. */
export function dollars(micros: number): string {
  const [whole = '0', fraction = ''] = (Math.abs(micros) / 1e6).toFixed(6).split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${micros < 0 ? '-' : ''}$${whole}.${digits}`;
}

const budgets = { day: 'The budget of this UTC day', month: 'The budget of this UTC month', total: 'The whole budget' };

function budgetMessage({ period, limitMicros, leftMicros, neededMicros, renewsAt }: BudgetRefusal): string {
  const renewal = renewsAt === null ? '' : ` A new one begins at ${new Date(renewsAt).toISOString()}.`;
  return `${budgets[period]}, ${dollars(limitMicros)}, has ${dollars(leftMicros)} left, and this needs up to ${dollars(neededMicros)}. Nothing was bought.${renewal}`;
}

type BudgetRefusal = Extract<Refusal, { kind: 'over-budget' }>;

function limitDetails(
  { limit, retryAfterSeconds }: Extract<Refusal, { retryAfterSeconds: number }>,
  windowSeconds: number,
) {
  const rateLimit = { limit, windowSeconds, remaining: 0, resetSeconds: retryAfterSeconds };
  return { retryAfterSeconds, rateLimit };
}
