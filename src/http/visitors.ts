import type { Context } from 'hono';
import { clientOf } from '../core/client-address';
import { Fault } from '../core/fault';
import type { FrontEnv } from './front';

/** What is told in the headers of a refusal; the limits themselves are the bindings' of wrangler.toml. */
export const visitorRates = {
  /** Pictures, by lasting and by temporary URLs. */
  public: { limit: 1_200, windowSeconds: 60 },
  /** Requests to an API that bring no key, or none that we know. */
  keyless: { limit: 120, windowSeconds: 60 },
  /** Signed links whose picture is not stored, by the account that they spend from. */
  link: { limit: 600, windowSeconds: 60 },
} as const;
export type VisitorRate = keyof typeof visitorRates;

/** Counts those whose key we do not know, by their address. */
export interface Visitors {
  /** Counts one request of a client, and tells whether it is one too many. Never throws. */
  isWithin(rate: VisitorRate, client: string): Promise<boolean>;
}

/**
 * Who holds the key of a request, as it was found out; where that is nobody, one more keyless request of its client.
 * One with a key that we know is never counted here: many may share an address.
 * @throws Fault `rate_limited`, or whatever the finding out threw.
 */
export async function countKeyless<Holder>(c: Context<FrontEnv>, authentication: Promise<Holder>): Promise<Holder> {
  try {
    const holder = await authentication;
    if (holder === null) await countOne(c);
    return holder;
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'unauthenticated') await countOne(c);
    throw thrown;
  }
}

/** Counts one picture that a link would have made, for its client and for its account. @throws Fault `rate_limited` */
export async function withinLinkRate(c: Context<FrontEnv>, accountId: string): Promise<void> {
  const { visitors } = c.var.front;
  const client = clientOf(c.req.raw.headers);
  if (client !== null && !(await visitors.isWithin('keyless', client))) throw tooFast('keyless');
  if (!(await visitors.isWithin('link', accountId))) throw tooFast('link');
}

async function countOne(c: Context<FrontEnv>): Promise<void> {
  const client = clientOf(c.req.raw.headers);
  if (client !== null && !(await c.var.front.visitors.isWithin('keyless', client))) throw tooFast('keyless');
}

/** What a visitor is told that comes too often. */
export function tooFast(rate: VisitorRate): Fault {
  const { limit, windowSeconds } = visitorRates[rate];
  const whose = rate === 'link' ? 'new pictures by links of this account' : 'requests without a key from this address';
  const message = `Too many ${whose}: at most ${limit} in ${windowSeconds} seconds.`;
  const rateLimit = { limit, windowSeconds, remaining: 0, resetSeconds: windowSeconds };
  return new Fault('rate_limited', message, { retryAfterSeconds: windowSeconds, rateLimit });
}
