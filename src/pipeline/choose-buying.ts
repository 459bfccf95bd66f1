import type { ImageRequest } from '../core/image-request';
import type { Choice, Offer } from '../core/market';
import type { Plan } from '../renders/render-record';
import type { Caller, Ports } from './ports';

/** What will be made and by whom, and on whose key. */
export interface Buying {
  readonly choice: Choice;
  readonly plan: Plan;
}

/**
 * Who is to make a picture that is not stored. The key of the request itself counts first, then a vendor key that the
 * account stored, then the operator's. Never is one tried after another: who brings a key is not to spend other money.
 * @throws Fault `no_provider`.
 */
export async function chooseBuying(ports: Ports, caller: Caller, request: ImageRequest): Promise<Buying> {
  const { preference } = caller;
  const { provider, providerKey } = preference;
  if (providerKey !== null) {
    const choice = ports.choose(request, preference);
    return { choice, plan: { provider, sealedKey: await ports.sealKey(providerKey) } };
  }
  const own = await withStoredKey(ports, caller, request);
  return own ?? { choice: ports.choose(request, preference), plan: { provider, sealedKey: null } };
}

/**
 * Whose offer will be taken, as far as it can be known before: the operator's providers are asked by their circuits, their
 * places and, where the route says so, their speed. A caller's own key is for its provider alone.
 */
export async function sellerOf(ports: Ports, { choice, plan }: Buying): Promise<Offer> {
  if (plan.sealedKey !== null) return choice.offer;
  const preference = { provider: plan.provider, bringsKey: false, allowsNearest: false };
  const exact = ports.offers(choice.request, preference).filter(({ fit }) => fit.kind === 'exact');
  return (await ports.likeliest(exact)) ?? choice.offer;
}

/** The provider asked for, if the account has a key for it; if none was asked for, the first that makes it exactly. */
async function withStoredKey(ports: Ports, caller: Caller, request: ImageRequest): Promise<Buying | null> {
  const { account, preference } = caller;
  for (const { provider, sealedKey } of await ports.storedKeys(account.id)) {
    const own = { ...preference, provider, bringsKey: true };
    const isUsed =
      preference.provider === null
        ? ports.offers(request, own).some(({ fit }) => fit.kind === 'exact')
        : preference.provider === provider;
    if (isUsed) return { choice: ports.choose(request, own), plan: { provider, sealedKey } };
  }
  return null;
}
