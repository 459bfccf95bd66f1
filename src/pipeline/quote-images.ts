import { refuseBeyondKey } from '../accounts/order-limits';
import { fingerprint } from '../core/fingerprint';
import type { ImageRequest } from '../core/image-request';
import type { Order } from '../core/order';
import { chooseBuying, sellerOf } from './choose-buying';
import type { Caller, Ports } from './ports';
import { resolveOrder } from './resolve-order';

/** What one picture of an order would be, and what it would cost. Nothing is bought, reserved or promised. */
export interface Quote {
  readonly fingerprint: string;
  readonly request: ImageRequest;
  readonly isStored: boolean;
  /** Who would make it; of a stored picture, who made it. */
  readonly provider: string;
  readonly changes: readonly string[];
  /** Of a picture that is stored already, what a hit costs. */
  readonly priceMicros: number;
  /** What it costs each time that it is ordered again, once it is stored. */
  readonly hitMicros: number;
}

/** Quotes each picture of an order. @throws Fault as ordering it would. */
export async function quoteImages(ports: Ports, caller: Caller, order: Order): Promise<Quote[]> {
  const { requests } = await resolveOrder(ports, caller, order);
  return await Promise.all(requests.map((request) => quoteImage(ports, caller, request)));
}

async function quoteImage(ports: Ports, caller: Caller, request: ImageRequest): Promise<Quote> {
  const print = await fingerprint(request);
  const hitMicros = ports.hitCharge.priceMicros;
  const facts = await ports.pictures.facts(print);
  if (facts !== null) {
    const stored = { isStored: true, provider: facts.provider, changes: [], priceMicros: hitMicros };
    return { fingerprint: print, request, ...stored, hitMicros };
  }
  if (caller.key !== null) refuseBeyondKey(caller.key, request);
  const buying = await chooseBuying(ports, caller, request);
  const { request: made, changes } = buying.choice;
  if (changes.length > 0) return { ...(await quoteImage(ports, caller, made)), changes };
  const { priceMicros, provider } = await sellerOf(ports, buying);
  return { fingerprint: print, request, isStored: false, provider: provider.id, changes, priceMicros, hitMicros };
}
