import { isJsonObject } from '../core/json';
import type { ProviderEntry, ProviderSettings, RefusalReason } from '../core/provider';
import { bflCapability } from './bfl';
import { type BflVariant, bflProvider } from './bfl-provider';
import type { VendorAnswer } from './vendor-call';

/**
 * Resells BFL's API below a path of its own. Its page gives three prices that contradict each other: the highest is
 * reserved, for input as for output since BFL bills both, and what `cost` reports is settled.
 */
const variant: BflVariant = {
  id: 'cometapi',
  title: 'CometAPI',
  capability: {
    ...bflCapability,
    concurrency: null,
    price: {
      kind: 'megapixel',
      firstOutputMicros: 60_000,
      furtherOutputMicros: 60_000,
      inputMicros: 60_000,
      isRoundedUp: false,
    },
  },
  submitPath: '/flux/v1/flux-2-flex',
  headers: bearer,
  // Its polling_url may lead to BFL, where our key means nothing and must not go.
  poll: ({ id }, settings) => ({
    url: `${settings.baseUrl}/flux/v1/get_result?id=${encodeURIComponent(id)}`,
    headers: bearer(settings),
  }),
  refusal,
};

/** Buys from CometAPI. */
export const cometapiEntry: ProviderEntry = {
  ...{ id: variant.id, title: variant.title, capability: variant.capability },
  prefix: 'COMETAPI',
  defaultBaseUrl: 'https://api.cometapi.com',
  documentation: 'https://apidoc.cometapi.com/api/image/flux/flux-generate-image',
  create: (settings) => bflProvider(variant, settings),
};

function bearer({ apiKey }: ProviderSettings) {
  return { authorization: `Bearer ${apiKey}` };
}

/** Codes of the open gateway that it appears to be built on: an empty balance is a 403 there. */
const reasonsByCode: ReadonlyMap<unknown, RefusalReason> = new Map([
  ['insufficient_user_quota', 'credit'],
  ['insufficient_quota', 'credit'],
  ['pre_consume_token_quota_failed', 'credit'],
  ['sensitive_words_detected', 'moderated'],
  ['content_policy_violation', 'moderated'],
]);

function refusal({ json }: VendorAnswer): RefusalReason | null {
  const error = isJsonObject(json) && isJsonObject(json.error) ? json.error : json;
  return isJsonObject(error) ? (reasonsByCode.get(error.code) ?? null) : null;
}
