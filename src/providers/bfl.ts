import type { Capability } from '../core/capability';
import { limits } from '../core/image-request';
import type { ProviderEntry, ProviderSettings } from '../core/provider';
import { type BflTicket, type BflVariant, bflProvider } from './bfl-provider';

/** What Flux2FlexInputs of https://api.bfl.ai/openapi.json takes; its price by https://docs.bfl.ai/quick_start/pricing. */
export const bflCapability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', ...limits.safetyTolerance },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: 8,
  promptCharacters: limits.promptCharacters,
  delivers: 'later',
  concurrency: 24,
  price: {
    kind: 'megapixel',
    firstOutputMicros: 50_000,
    furtherOutputMicros: 50_000,
    inputMicros: 50_000,
    isRoundedUp: false,
  },
};

const variant: BflVariant = {
  id: 'bfl',
  title: 'Black Forest Labs',
  capability: bflCapability,
  submitPath: '/v1/flux-2-flex',
  headers: keyHeader,
  poll: pollTarget,
};

/** Buys from who makes the model: at the global host, or at a regional one by its base URL. */
export const bflEntry: ProviderEntry = {
  ...{ id: variant.id, title: variant.title, capability: variant.capability },
  prefix: 'BFL',
  defaultBaseUrl: 'https://api.bfl.ai',
  documentation: 'https://docs.bfl.ai/quick_start/generating_images',
  create: (settings) => bflProvider(variant, settings),
};

function keyHeader({ apiKey }: ProviderSettings) {
  return { 'x-key': apiKey };
}

/**
 * A task lives in one cluster, which its polling URL names: it is followed as it is, but nowhere outside BFL and the
 * operator's own origin. The key goes only to whom it was given for; a poll needs none.
 */
function pollTarget({ id, pollingUrl }: BflTicket, settings: ProviderSettings) {
  const base = new URL(settings.baseUrl);
  const given = pollingUrl === null ? null : URL.parse(pollingUrl);
  const isOwn = given?.origin === base.origin;
  if (given === null || given.username !== '' || !(isOwn || isOfBfl(given))) {
    return { url: `${settings.baseUrl}/v1/get_result?id=${encodeURIComponent(id)}`, headers: keyHeader(settings) };
  }
  return { url: pollingUrl ?? '', headers: isOwn || isOfBfl(base) ? keyHeader(settings) : {} };
}

const isOfBfl = ({ protocol, hostname, port }: URL) =>
  protocol === 'https:' && port === '' && hostname.endsWith('.bfl.ai');
