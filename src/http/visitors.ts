import type { Context } from 'hono';
import { clientOf } from '../core/client-address';
import { Fault } from '../core/fault';
import type { FrontEnv } from './front';
import { tooFast } from './visitor-rates';

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
  const { visitors } = c.get('front');
  const client = clientOf(c.req.raw.headers);
  if (client !== null && !(await visitors.isWithin('keyless', client))) throw tooFast('keyless');
  if (!(await visitors.isWithin('link', accountId))) throw tooFast('link');
}

async function countOne(c: Context<FrontEnv>): Promise<void> {
  const client = clientOf(c.req.raw.headers);
  if (client !== null && !(await c.get('front').visitors.isWithin('keyless', client))) throw tooFast('keyless');
}
