import { aspectSize } from './aspect-size.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';
import { syncReply } from './sync-sale.ts';

/**
 * hinow.ai: vendors/hinow.txt and hinow-ai/sdk-kotlin. How it words moderation is not documented, nor which sizes it
 * takes. Pictures are at a host of their own, which this simulator plays below `/files`.
 */
export const hinow: Simulator = {
  id: 'hinow',
  prefix: 'HINOW',
  key: 'hi_simulated_key',
  isSync: true,
  handle: (request, shop) => {
    const { method, path, headers } = request;
    if (method === 'GET' && path.startsWith('/files/')) return deliver(request, shop);
    if (headers.authorization !== `Bearer ${hinow.key}`) return words.badKey;
    if (method === 'POST' && path === '/v1/images') return generate(request, shop);
    if (method === 'GET' && path === '/v1/balance') return balance(shop);
    return errorReply(404, 'not_found', `No route for ${method} ${path}`);
  },
};

const priceMicros = 50_000;
const model = 'black-forest-labs/flux-2-flex';

const words: VendorWords = {
  badKey: errorReply(401, 'invalid_api_key', 'Invalid API key', 'authentication_error'),
  refuse: errorReply(400, 'invalid_parameter', 'The request could not be processed.'),
  credit: errorReply(402, 'insufficient_credits', 'Your balance is too low.', 'billing_error'),
  rateLimit: errorReply(429, 'rate_limit_exceeded', 'Too many requests', 'rate_limit_error'),
  error: errorReply(500, 'internal_error', 'Something went wrong', 'api_error'),
  unavailable: errorReply(503, 'service_unavailable', 'The provider is not available', 'api_error'),
  moderated: errorReply(400, 'content_policy_violation', 'The prompt was refused.'),
};

function errorReply(
  status: number,
  code: string,
  message: string,
  type: string = 'invalid_request_error',
): SimulatedReply {
  return { status, json: { error: { message, type, code } } };
}

type Fields = Readonly<Record<string, unknown>>;

/** This endpoint really does read `parameters`, where the chat's ignores them. */
function generate({ json, origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const body = fieldsOf(json);
  if (body.model !== model) return errorReply(404, 'model_not_found', `The model ${body.model} does not exist.`);
  if (typeof body.prompt !== 'string' || body.prompt === '') return mistake('prompt is required');
  const parameters = fieldsOf(body.parameters);
  const wrong = mistakeIn(parameters);
  if (wrong !== null) return mistake(wrong);
  return shop.sell(
    {
      ...sizeOf(parameters),
      seed: Number(parameters.seed ?? Math.floor(Math.random() * 2 ** 32)),
      priceMicros,
      parameters,
    },
    { words, accept: (sale) => answer(sale, shop, origin) },
  );
}

const mistake = (message: string) => errorReply(400, 'invalid_parameter', message);

/** The lists of its page; numbers and the texts that the page shows are both taken. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  aspect_ratio: ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3'],
  num_inference_steps: ['25', '30', '40', '50', 25, 30, 40, 50],
  guidance_scale: ['2.0', '3.5', '5.0', '7.5', '10.0', 2, 3.5, 5, 7.5, 10],
  output_format: ['jpeg', 'png'],
  n: [1],
};

function mistakeIn(parameters: Fields): string | null {
  const unlisted = Object.entries(choices).find(
    ([name, values]) => parameters[name] !== undefined && !values.includes(parameters[name]),
  );
  if (unlisted !== undefined) return `${unlisted[0]} must be one of ${unlisted[1].join(', ')}`;
  const { width, height, seed } = parameters;
  if (seed !== undefined && !Number.isInteger(seed)) return 'seed must be an integer';
  const edges = [width, height].filter((edge) => edge !== undefined);
  if (edges.length === 0) return null;
  const isGood = edges.length === 2 && edges.every((edge) => Number.isInteger(edge) && Number(edge) >= 64);
  if (!isGood) return 'width and height must be integers of at least 64, and come together';
  return Number(width) * Number(height) > 2048 * 2048 ? 'width and height may be at most 4 megapixels' : null;
}

function sizeOf({ width, height, aspect_ratio }: Fields) {
  if (width === undefined) return aspectSize(String(aspect_ratio ?? '1:1'), 1);
  return { width: Number(width), height: Number(height) };
}

function answer(sale: Sale, shop: Shop, origin: string): SimulatedReply {
  const urls = [`${origin}/files/${sale.id}.png`];
  return syncReply(sale, shop, {
    picture: { status: 200, json: { data: { urls, model, provider: 'bfl' }, success: true } },
    withheld: errorReply(400, 'content_moderated', 'The picture was withheld.'),
    failed: { status: 200, json: { data: null, success: false, message: 'The generation failed.' } },
  });
}

function balance(shop: Shop): SimulatedReply {
  return { status: 200, json: { data: { balance: 100 - shop.billMicros / 1e6 }, success: true } };
}

/** A host of its own: it takes no key, and none may be sent there. */
function deliver({ headers, path }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the host of the files' };
  const sale = shop.sales.get(path.slice('/files/'.length, -'.png'.length));
  return sale === undefined ? { status: 404, body: 'no such file' } : pictureReply(sale, shop);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
