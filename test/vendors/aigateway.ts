import { fluxPrice, readFluxInputs } from './flux-inputs.ts';
import { pictureReply, pngOf } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';
import { syncReply } from './sync-sale.ts';

/**
 * AIgateway: vendors/aigateway.txt and its OpenAPI document. That it passes the model's own parameters on is assumed; how
 * it words moderation is not documented, and is as OpenAI words it. Pictures are at a host of their own, which this
 * simulator plays below `/img`.
 */
export const aigateway: Simulator = {
  id: 'aigateway',
  prefix: 'AIGATEWAY',
  key: 'sk-aig-simulated-key',
  isSync: true,
  handle: (request, shop) => {
    const { method, path, headers } = request;
    if (method === 'GET' && path.startsWith('/img/')) return deliver(request, shop);
    if (headers.authorization !== `Bearer ${aigateway.key}`) return words.badKey;
    const route = path.replace(/^\/v1/, '');
    if (method === 'POST' && route === '/images/generations') return generate(request, shop, false);
    if (method === 'POST' && route === '/images/edits') return generate(request, shop, true);
    return errorReply(404, 'not_found', `Unknown endpoint ${path}`);
  },
};

const megapixelMicros = 50_000;

const words: VendorWords = {
  badKey: errorReply(401, 'authentication_error', 'Invalid or missing API key'),
  refuse: errorReply(400, 'invalid_request_error', 'The request could not be processed.'),
  credit: errorReply(402, 'insufficient_credits', 'Wallet empty'),
  rateLimit: errorReply(429, 'rate_limit_error', 'Over per-minute limit'),
  error: errorReply(500, 'server_error', 'Upstream provider failed'),
  unavailable: errorReply(503, 'service_unavailable', 'Upstream saturated'),
  moderated: errorReply(400, 'content_policy_violation', 'The prompt was refused.'),
};

/** `code` is the status, as a number. */
function errorReply(
  status: number,
  type: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): SimulatedReply {
  return { status, json: { error: { message, type, code: status, param: null, ...more } } };
}

function generate({ json, origin }: SimulatedRequest, shop: Shop, isEdit: boolean): SimulatedReply {
  const body: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null ? { ...json } : {};
  if (body.model !== 'black-forest-labs/flux-2-flex') return errorReply(404, 'not_found', 'Unknown model');
  const mistake = mistakeIn(body, isEdit);
  if (mistake !== null) return errorReply(400, 'invalid_request_error', mistake);
  const [width, height] = String(body.size ?? '1024x1024')
    .split('x')
    .map(Number);
  const inputs = readFluxInputs({ ...body, width, height, input_image: body.image_url });
  if (!('width' in inputs)) {
    const message = inputs.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
    return errorReply(400, 'invalid_request_error', message);
  }
  const { seed } = inputs;
  return shop.sell(
    {
      width: inputs.width,
      height: inputs.height,
      seed,
      priceMicros: fluxPrice(inputs, megapixelMicros),
      parameters: json,
    },
    { words, accept: (sale) => answer(sale, shop, { origin, wantsBase64: body.response_format === 'b64_json' }) },
  );
}

function mistakeIn({ n, size, image_url }: Readonly<Record<string, unknown>>, isEdit: boolean): string | null {
  if (n !== undefined && n !== 1) return 'n: only 1 is supported for this model';
  if (size !== undefined && !/^\d+x\d+$/.test(String(size))) return 'size: expected WxH';
  return isEdit && typeof image_url !== 'string' ? 'image_url: required' : null;
}

function answer(
  sale: Sale,
  shop: Shop,
  { origin, wantsBase64 }: { origin: string; wantsBase64: boolean },
): SimulatedReply {
  const picture = wantsBase64 ? { b64_json: base64Of(pngOf(sale)) } : { url: `${origin}/img/${sale.id}.png` };
  const ofOutput = { moderation_details: { moderation_stage: 'output' } };
  return syncReply(sale, shop, {
    picture: { status: 200, json: { created: Math.floor(sale.soldAt / 1000), data: [picture] } },
    withheld: errorReply(400, 'content_policy_violation', 'The picture was withheld.', ofOutput),
    failed: errorReply(500, 'server_error', 'Upstream provider failed'),
  });
}

/** A host of its own: it takes no key, and none may be sent there. */
function deliver({ headers, path }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the media host' };
  const sale = shop.sales.get(path.slice('/img/'.length, -'.png'.length));
  return sale === undefined ? { status: 404, body: 'no such file' } : pictureReply(sale, shop);
}

const base64Of = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
