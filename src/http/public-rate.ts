import type { Context } from 'hono';
import { clientOf } from '../core/client-address';
import { anyCredential } from '../core/credential';
import type { FrontEnv } from './front';
import { tooFast } from './visitor-rates';

/**
 * Reads something public beside counting the request, so that the counting takes no time of its own. One that comes
 * too often is refused, unless it has a key that we know: what was read is dropped.
 * @param drop lets go of what was read, such as an open body.
 * @throws Fault `rate_limited`, or whatever the reading threw.
 */
export async function withinPublicRate<Read>(
  c: Context<FrontEnv>,
  reading: Promise<Read>,
  drop: (read: Read) => Promise<void> = async () => {},
): Promise<Read> {
  const client = clientOf(c.req.raw.headers);
  if (client === null) return await reading;
  const [read, isWithin] = await Promise.all([reading, c.get('front').visitors.isWithin('public', client)]);
  if (isWithin || (await hasKnownKey(c))) return read;
  await drop(read);
  throw tooFast('public');
}

async function hasKnownKey(c: Context<FrontEnv>): Promise<boolean> {
  const key = anyCredential(c.req.raw.headers);
  return key !== null && (await c.get('front').keyRing.holderOf(key, new URL(c.req.url).origin)) !== null;
}
