import { readFluxInputs } from './flux-inputs.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';

/**
 * Replicate: https://replicate.com/docs/reference/http and the model's schema. Files are at another host, which this
 * simulator plays below `/delivery`. It bills by the picture, so that what makes none is free.
 */
export const replicate: Simulator = {
  id: 'replicate',
  prefix: 'REPLICATE',
  key: 'r8_SimulatedReplicateToken',
  isSync: false,
  handle: (request, shop) => {
    const { method, path } = request;
    if (method === 'GET' && path.startsWith('/delivery/')) return deliver(request, shop);
    if (request.headers.authorization !== `Bearer ${replicate.key}`) return words.badKey;
    if (method === 'POST' && path === `/v1/models/${model}/predictions`) return submit(request, shop);
    const [, id = '', action = ''] = /^\/v1\/predictions\/([^/]+)(\/cancel)?$/.exec(path) ?? [];
    if (method === 'GET' && action === '') return get(id, request, shop);
    if (method === 'POST' && action !== '') return cancel(id, request, shop);
    return notFound;
  },
};

const model = 'black-forest-labs/flux-2-flex';
const megapixelMicros = 60_000;
/** Data and files are deleted an hour after the prediction. */
const expiryMs = 3_600_000;
/** A prediction that moderation stopped before it was made: it has an id and a state, and no sale. */
const moderatedPrefix = 'moderated';

function problem(status: number, title: string, detail: string, more: object = {}): SimulatedReply {
  return { status, json: { title, detail, status, ...more } };
}

const notFound = problem(404, 'Not found', 'The requested resource could not be found.');
const words: VendorWords = {
  badKey: problem(401, 'Unauthenticated', 'You did not pass a valid authentication token'),
  refuse: problem(422, 'Invalid version or not permitted', 'You do not have permission to use this model.'),
  credit: problem(402, 'Insufficient credit', 'You have insufficient credit to run this model.'),
  rateLimit: problem(429, 'Too many requests', 'Request was throttled. Expected available in 1 second.'),
  error: problem(500, 'Internal server error', 'An unexpected error occurred.'),
  unavailable: problem(503, 'Service unavailable', 'The service is temporarily unavailable.'),
  moderated: { status: 201, json: {} },
};

function submit(request: SimulatedRequest, shop: Shop): SimulatedReply {
  const input = inputIn(request.json);
  const issues = issuesOf(input);
  if (issues.length > 0) {
    const detail = issues.map(({ field, description }) => `- ${field}: ${description}\n`).join('');
    return problem(422, 'Input validation failed', detail, { invalid_fields: issues });
  }
  const { width, height } = sizeOf(input);
  const seed = typeof input.seed === 'number' ? input.seed : Math.floor(Math.random() * 2 ** 32);
  const bought = { width, height, seed, priceMicros: priceOf(input), parameters: request.json };
  const moderatedId = `${moderatedPrefix}${crypto.randomUUID()}`;
  const moderated = { status: 201, json: prediction(moderatedId, request.origin, { status: 'starting' }) };
  return shop.sell(bought, {
    words: { ...words, moderated },
    accept: (sale) => {
      if (sale.failure === 'moderate-output') shop.sales.set(sale.id, { ...sale, priceMicros: 0 });
      return { status: 201, json: prediction(sale.id, request.origin, { status: 'starting', input }) };
    },
  });
}

type Input = Readonly<Record<string, unknown>>;

function inputIn(json: unknown): Input {
  if (typeof json !== 'object' || json === null || !('input' in json)) return {};
  return typeof json.input === 'object' && json.input !== null ? { ...json.input } : {};
}

interface Issue {
  readonly type: string;
  readonly field: string;
  readonly description: string;
}

function issuesOf(input: Input): Issue[] {
  const { prompt, steps, guidance, seed, prompt_upsampling, safety_tolerance, aspect_ratio, output_format } = input;
  const inputs = readFluxInputs({ prompt, steps, guidance, seed, prompt_upsampling, safety_tolerance });
  const shared = 'width' in inputs ? [] : inputs.map(({ loc, msg }) => issueOf(loc.slice(1).join('.'), msg));
  const images = imagesIn(input);
  const { width, height } = sizeOf(input);
  return [
    ...shared,
    ...(safety_tolerance === 0 ? [issueOf('safety_tolerance', 'Must be greater than or equal to 1')] : []),
    ...(isOneOf(output_format, ['webp', 'jpg', 'png']) ? [] : [issueOf('output_format', 'Must be webp, jpg or png')]),
    ...(isOneOf(aspect_ratio, aspectRatios) ? [] : [issueOf('aspect_ratio', 'Must be one of the enum values')]),
    ...(isEdge(width) && isEdge(height) ? [] : [issueOf('width', 'Must be from 256 to 2048')]),
    ...(images.length > 10 ? [issueOf('input_images', 'Must have at most 10 items')] : []),
    ...(images.some((image) => megapixelsOf(image) === null) ? [issueOf('input_images', 'Does not match format')] : []),
  ];
}

const aspectRatios = ['match_input_image', 'custom', '1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16', '3:4', '4:3'];
const issueOf = (field: string, description: string): Issue => ({
  ...{ type: 'invalid', description },
  field: `input.${field}`,
});
const isOneOf = (value: unknown, known: readonly string[]) => value === undefined || known.includes(String(value));
const isEdge = (pixels: number) => pixels >= 256 && pixels <= 2048;

/** A width and a height count only where they are asked for, and are rounded to a multiple of 16. */
function sizeOf({ aspect_ratio, width, height }: Input) {
  const isCustom = aspect_ratio === 'custom' && typeof width === 'number' && typeof height === 'number';
  const edge = (pixels: number) => Math.round(pixels / 16) * 16;
  return isCustom ? { width: edge(width), height: edge(height) } : { width: 1024, height: 1024 };
}

const imagesIn = ({ input_images }: Input): unknown[] => (Array.isArray(input_images) ? input_images : []);

/** Millions of pixels of a picture; null where it is none. */
function megapixelsOf(image: unknown): number | null {
  const inputs = readFluxInputs({ prompt: '', input_image: image, width: 64, height: 64 });
  return 'width' in inputs ? inputs.inputMegapixels : null;
}

/** Each picture by its own started megapixels. */
function priceOf(input: Input): number {
  const { width, height } = sizeOf(input);
  const pictures = [(width * height) / 1e6, ...imagesIn(input).map((image) => megapixelsOf(image) ?? 0)];
  const started = (megapixels: number) => Math.max(1, Math.ceil((megapixels * 1e6) / (1024 * 1024)));
  return pictures.reduce((sum, megapixels) => sum + started(megapixels), 0) * megapixelMicros;
}

function prediction(id: string, origin: string, more: Readonly<Record<string, unknown>>) {
  const get = `${origin}/v1/predictions/${id}`;
  return {
    id,
    model,
    version: 'hidden',
    output: null,
    error: null,
    logs: '',
    ...more,
    urls: { get, cancel: `${get}/cancel` },
  };
}

function get(id: string, { origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (id.startsWith(moderatedPrefix)) {
    return { status: 200, json: prediction(id, origin, { status: 'failed', error: 'Request Moderated' }) };
  }
  const sale = shop.sales.get(id);
  if (sale === undefined) return notFound;
  return shop.pollTrouble(sale) ?? { status: 200, json: prediction(id, origin, stateOf(sale, shop, origin)) };
}

function stateOf(sale: Sale, shop: Shop, origin: string): Readonly<Record<string, unknown>> {
  switch (shop.stateOf(sale)) {
    case 'working':
      return { status: shop.progressOf(sale) < 0.25 ? 'starting' : 'processing' };
    case 'cancelled':
      return { status: 'canceled' };
    case 'moderated':
      return { status: 'failed', error: 'The input or output was flagged as sensitive. Please try again. (E005)' };
    case 'failed':
      return { status: 'failed', error: 'An unexpected error occurred. (E1000)' };
    case 'ready': {
      if (shop.now > sale.dueAt + expiryMs) return { status: 'succeeded', data_removed: true };
      const seconds = (sale.dueAt - sale.soldAt) / 1000;
      const metrics = { predict_time: seconds, total_time: seconds };
      return { status: 'succeeded', metrics, output: `${origin}/delivery/${sale.id}/tmp.png` };
    }
  }
}

/** What is finished stays so. */
function cancel(id: string, { origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const sale = shop.sales.get(id);
  if (sale === undefined) return notFound;
  if (shop.stateOf(sale) === 'working') sale.isCancelled = true;
  return { status: 200, json: prediction(id, origin, stateOf(sale, shop, origin)) };
}

/** The delivery host takes no key, and none may be sent there. */
function deliver({ headers, path }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the delivery host' };
  const sale = shop.sales.get(path.split('/')[2] ?? '');
  if (sale === undefined || shop.now > sale.dueAt + expiryMs) return { status: 404, body: 'Not Found' };
  return pictureReply(sale, shop);
}
