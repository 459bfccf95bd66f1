import { fluxPrice, readFluxInputs } from './flux-inputs.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';
import { syncReply } from './sync-sale.ts';

/** The account that the simulated token is for: `CLOUDFLARE_ACCOUNT_ID`. */
export const cloudflareAiAccount = '0123456789abcdef0123456789abcdef';

/**
 * Cloudflare's REST API of its model catalogue: https://developers.cloudflare.com/workers-ai/platform/errors/. Moderation
 * is as AI Gateway's guardrails word it. Pictures are at a host of their own, which this simulator plays below `/delivery`.
 */
export const cloudflareAi: Simulator = {
  id: 'cloudflare-ai',
  prefix: 'CLOUDFLARE',
  key: 'simulated-cloudflare-token',
  isSync: true,
  handle: (request, shop) => {
    const { method, path, headers } = request;
    if (method === 'GET' && path.startsWith('/delivery/')) return deliver(request, shop);
    if (headers.authorization !== `Bearer ${cloudflareAi.key}`) return words.badKey;
    if (method !== 'POST' || !/^\/client\/v4\/accounts\/[^/]+\/ai\/run$/.test(path)) return noRoute;
    return path.split('/')[4] === cloudflareAiAccount ? run(request, shop) : noAccount;
  },
};

const megapixelMicros = 50_000;

const words: VendorWords = {
  badKey: errorReply(401, 10000, 'Authentication error'),
  refuse: errorReply(400, 5004, 'Invalid data'),
  credit: errorReply(429, 3036, 'Account limited'),
  rateLimit: errorReply(429, 3040, 'No more data centers to forward the request to'),
  error: errorReply(500, 1101, 'Internal server error'),
  unavailable: errorReply(503, 1102, 'Service unavailable'),
  moderated: errorReply(400, 2016, 'Prompt blocked due to security configurations'),
};
const noRoute = errorReply(404, 7000, 'No route for that URI');
const noAccount = errorReply(404, 7003, 'Could not route, perhaps your object identifier is invalid?');

function errorReply(status: number, code: number, message: string): SimulatedReply {
  return { status, json: { success: false, errors: [{ code, message }], messages: [], result: null } };
}

function run({ json, origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const { model, input }: { model?: unknown; input?: unknown } = typeof json === 'object' && json !== null ? json : {};
  if (model !== 'black-forest-labs/flux-2-flex') return errorReply(400, 5007, 'No such model');
  const images = imagesIn(input);
  if (images === null) return errorReply(400, 5004, 'input_images: at most 8 URLs or data URIs');
  const inputs = readFluxInputs(typeof input === 'object' ? { ...input, ...fieldsOf(images) } : input);
  if (!('width' in inputs)) {
    return errorReply(400, 5004, inputs.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '));
  }
  const { width, height, seed } = inputs;
  return shop.sell(
    { width, height, seed, priceMicros: fluxPrice(inputs, megapixelMicros), parameters: input },
    { words, accept: (sale) => answer(sale, shop, origin) },
  );
}

function answer(sale: Sale, shop: Shop, origin: string): SimulatedReply {
  const image = `${origin}/delivery/${sale.id}.png`;
  const enveloped = (result: unknown) => ({ status: 200, json: { success: true, errors: [], messages: [], result } });
  return syncReply(sale, shop, {
    picture: enveloped({ state: 'Completed', result: { image }, gatewayMetadata: { keySource: 'Unified' } }),
    withheld: errorReply(400, 2017, 'Response blocked due to security configurations'),
    failed: enveloped({ state: 'Failed', result: null }),
  });
}

/** Every reference by URL or as a data URI; null where there are too many, or others. */
function imagesIn(input: unknown): readonly string[] | null {
  const images: unknown =
    typeof input === 'object' && input !== null && 'input_images' in input ? input.input_images : [];
  if (!Array.isArray(images) || images.length > 8) return null;
  return images.every((image) => typeof image === 'string' && /^(?:https:|data:image\/)/.test(image)) ? images : null;
}

/** As BFL names the same. */
function fieldsOf(images: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(images.map((image, index) => [`input_image${index === 0 ? '' : `_${index + 1}`}`, image]));
}

/** A host of its own: it takes no key, and none may be sent there. */
function deliver({ headers, path }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the delivery host' };
  const sale = shop.sales.get(path.slice('/delivery/'.length, -'.png'.length));
  return sale === undefined ? { status: 404, body: 'no such file' } : pictureReply(sale, shop);
}
