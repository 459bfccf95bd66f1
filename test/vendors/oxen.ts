import { aspectSize } from './aspect-size.ts';
import { pictureReply, pngOf } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';
import { syncReply } from './sync-sale.ts';

/**
 * Oxen.ai: vendors/oxen.txt and docs.oxen.ai/inference-api. Its errors are in the shapes that its clients have met; how
 * it words a lack of credit and moderation is not known. Pictures are files of a repository, at its own host.
 */
export const oxen: Simulator = {
  id: 'oxen',
  prefix: 'OXEN',
  key: 'oxen-simulated-key',
  isSync: true,
  handle: (request, shop) => {
    const { method, path, headers } = request;
    if (method === 'GET' && path.startsWith(filesPath)) return deliver(request, shop);
    if (headers.authorization !== `Bearer ${oxen.key}`) return words.badKey;
    // Older pages have the paths without `/ai`.
    const route = path.replace(/^\/api(\/ai)?/, '');
    if (method === 'POST' && route === '/images/generate') return generate(request, shop, false);
    if (method === 'POST' && route === '/images/edit') return generate(request, shop, true);
    return { status: 404, json: { error: { type: 'not_found', title: 'Not found' } } };
  },
};

const priceMicros = 50_000;
const model = 'flux-2-flex';
const filesPath = '/api/repos/simulated/pictures/file/main/';

const words: VendorWords = {
  badKey: { status: 401, json: { status: 'error', status_message: 'unauthenticated' } },
  refuse: { status: 400, json: { error: { type: 'invalid_request', detail: 'The request could not be processed.' } } },
  credit: { status: 402, json: { error: { type: 'insufficient_credits', title: 'Add credits to your account' } } },
  rateLimit: { status: 429, json: { error: { type: 'rate_limited', title: 'Too many requests' } } },
  error: { status: 500, json: { error: { type: 'internal_error', detail: 'Internal server error' } } },
  unavailable: { status: 503, json: { error: { type: 'unavailable', detail: 'No capacity' } } },
  moderated: { status: 400, json: { error: { type: 'content_policy_violation', detail: 'The prompt was refused.' } } },
};

type Fields = Readonly<Record<string, unknown>>;

function generate({ json, origin }: SimulatedRequest, shop: Shop, isEdit: boolean): SimulatedReply {
  const body: Fields = typeof json === 'object' && json !== null ? { ...json } : {};
  if (body.model !== model) return { status: 404, json: { error: { message: `Model not found: ${body.model}` } } };
  const mistake = mistakeIn(body, isEdit);
  if (mistake !== null) return { status: 400, json: { error: { type: 'invalid_request', detail: mistake } } };
  const ratio = String(body.aspect_ratio ?? '2:3');
  const size = aspectSize(
    ratio === 'match_input_image' ? '1:1' : ratio,
    Number.parseFloat(String(body.resolution ?? '1')),
  );
  const seed = Number(body.seed ?? Math.floor(Math.random() * 2 ** 32));
  const wantsBase64 = body.response_format === 'b64_json';
  return shop.sell(
    { ...size, seed, priceMicros, parameters: json },
    { words, accept: (sale) => answer(sale, shop, { origin, wantsBase64 }) },
  );
}

const choices: Readonly<Record<string, readonly unknown[]>> = {
  aspect_ratio: ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', 'match_input_image'],
  resolution: ['0.5 MP', '1 MP', '2 MP'],
  output_format: ['webp', 'jpg', 'png'],
  response_format: ['url', 'b64_json'],
  disable_safety_checker: [true, false],
};
const ranges: Readonly<Record<string, { min: number; max: number; isWhole: boolean }>> = {
  num_inference_steps: { min: 1, max: 50, isWhole: true },
  guidance: { min: 0, max: 10, isWhole: false },
  output_quality: { min: 0, max: 100, isWhole: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, isWhole: true },
};

function mistakeIn(body: Fields, isEdit: boolean): string | null {
  if (typeof body.prompt !== 'string' || body.prompt === '') return 'Prompt cannot be empty';
  const unlisted = Object.keys(choices).find(
    (name) => body[name] !== undefined && !choices[name]?.includes(body[name]),
  );
  if (unlisted !== undefined) return `${unlisted} must be one of ${choices[unlisted]?.join(', ')}`;
  const outside = Object.keys(ranges).find((name) => !isWithin(body[name], ranges[name]));
  if (outside !== undefined) return `${outside} is out of range`;
  if (!isEdit) return null;
  const images = Array.isArray(body.input_image) ? body.input_image : [body.input_image];
  if (images.length > 10) return 'input_image takes at most 10 images';
  const isImage = (image: unknown) => typeof image === 'string' && /^(https?:|data:image\/\w+;base64,)./.test(image);
  return images.length > 0 && images.every(isImage) ? null : 'input_image could not be downloaded';
}

function isWithin(value: unknown, range: (typeof ranges)[string] | undefined): boolean {
  if (value === undefined || range === undefined) return true;
  const isNumber = typeof value === 'number' && (!range.isWhole || Number.isInteger(value));
  return isNumber && value >= range.min && value <= range.max;
}

function answer(
  sale: Sale,
  shop: Shop,
  { origin, wantsBase64 }: { origin: string; wantsBase64: boolean },
): SimulatedReply {
  const url = `${origin}${filesPath}${sale.id}.png?token=${sale.id.slice(0, 8)}`;
  const image = wantsBase64 ? { b64_json: base64Of(pngOf(sale)) } : { url };
  return syncReply(sale, shop, {
    picture: { status: 200, json: { model, created: Math.floor(sale.soldAt / 1000), images: [image] } },
    withheld: { status: 400, json: { error: { type: 'content_moderated', detail: 'The picture was withheld.' } } },
    failed: { status: 500, json: { error: { type: 'generation_failed', detail: 'The generation failed.' } } },
  });
}

/** The URL is signed and needs no key; a key is nothing that a download should carry. */
function deliver({ headers, path, query }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent with a download' };
  const sale = shop.sales.get(path.slice(filesPath.length, -'.png'.length));
  if (sale === undefined || query.get('token') !== sale.id.slice(0, 8)) return { status: 404, body: 'no such file' };
  return pictureReply(sale, shop);
}

const base64Of = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
