import { type InputIssue, readFluxInputs } from './flux-inputs.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';

/**
 * fal's queue: https://fal.ai/docs/api-reference/inference-api. It takes whatever it is sent; what is wrong with the
 * input is told by the result. Files are at another host, which this simulator plays below `/files`. Only a picture is
 * billed: https://docs.fal.ai/documentation/model-apis/pricing
 */
export const fal: Simulator = {
  id: 'fal',
  prefix: 'FAL',
  key: 'simulated-key-id:simulated-fal-secret',
  isSync: false,
  handle: (request, shop) => {
    const { method, path } = request;
    if (method === 'GET' && path.startsWith('/files/')) return deliver(request, shop);
    if (request.headers.authorization !== `Key ${fal.key}`) return words.badKey;
    if (method === 'POST' && (path === app || path === `${app}/edit`)) return submit(request, shop);
    if (!path.startsWith(`${app}/requests/`)) return notFound('Application not found');
    const [id = '', action = ''] = path.slice(`${app}/requests/`.length).split('/');
    if (method === 'GET' && action === 'status') return status(id, request, shop);
    if (method === 'GET' && action === '') return result(id, request, shop);
    return method === 'PUT' && action === 'cancel'
      ? cancel(id, shop)
      : { status: 405, json: { detail: 'Method Not Allowed' } };
  },
};

const app = '/fal-ai/flux-2-flex';
const megapixelMicros = 50_000;
/** A request that moderation stopped before it was made: it has an id and a result, and no sale. */
const moderatedPrefix = 'moderated-';
/** Results of requests whose input was wrong: they too are ended as soon as they are asked about. */
const refusedInputs = new Map<string, SimulatedReply>();

const notFound = (detail: string): SimulatedReply => ({ status: 404, json: { detail } });

function requestError(code: number, detail: string, type: string): SimulatedReply {
  return { status: code, headers: { 'x-fal-error-type': type }, json: { detail, error_type: type } };
}

function violation(loc: readonly string[]): SimulatedReply {
  const msg = 'The content could not be processed because it contained material flagged by a content checker.';
  return { status: 422, json: { detail: [{ loc, msg, type: 'content_policy_violation' }] } };
}

const words: VendorWords = {
  badKey: { status: 401, json: { detail: 'No user found for Key ID and Secret' } },
  refuse: { status: 400, json: { detail: 'The request could not be processed.' } },
  credit: { status: 403, json: { detail: 'User is locked. Reason: Exhausted balance. Top up your balance.' } },
  rateLimit: { status: 429, json: { detail: 'Too Many Requests' } },
  error: { status: 500, json: { detail: 'Internal Server Error' } },
  unavailable: { status: 503, json: { detail: 'Service Unavailable' } },
  moderated: { status: 200, json: {} },
};

function submit(request: SimulatedRequest, shop: Shop): SimulatedReply {
  const { origin, path } = request;
  const input = inputIn(request.json);
  const issues = issuesOf(input, path.endsWith('/edit'));
  if (issues.length > 0) return queued(endedBy(issues), origin);
  const { width, height } = sizeOf(input);
  const seed = typeof input.seed === 'number' ? input.seed : Math.floor(Math.random() * 2 ** 32);
  const moderated = queued(`${moderatedPrefix}${crypto.randomUUID()}`, origin);
  return shop.sell(
    { width, height, seed, priceMicros: priceOf(input), parameters: request.json },
    {
      words: { ...words, moderated },
      accept: (sale) => {
        if (sale.failure === 'moderate-output') shop.sales.set(sale.id, { ...sale, priceMicros: 0 });
        return queued(sale.id, origin);
      },
    },
  );
}

function endedBy(issues: readonly InputIssue[]): string {
  const id = crypto.randomUUID();
  refusedInputs.set(id, { status: 422, json: { detail: issues } });
  return id;
}

/** What a request came to that was never sold; null where there is none. */
function unsoldResult(id: string): SimulatedReply | null {
  return id.startsWith(moderatedPrefix) ? violation(['body', 'prompt']) : (refusedInputs.get(id) ?? null);
}

function queued(id: string, origin: string): SimulatedReply {
  return { status: 200, json: { ...handlesOf(id, origin), status: 'IN_QUEUE', queue_position: 0 } };
}

/** Without the `/edit` of the submit. */
function handlesOf(id: string, origin: string) {
  const url = `${origin}${app}/requests/${id}`;
  return { request_id: id, response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
}

type Input = Readonly<Record<string, unknown>>;
const inputIn = (json: unknown): Input => (typeof json === 'object' && json !== null ? { ...json } : {});

/** Unknown fields are ignored. */
function issuesOf(input: Input, isEdit: boolean): InputIssue[] {
  const { prompt, seed, num_inference_steps: steps, guidance_scale: guidance, enable_prompt_expansion } = input;
  const inputs = readFluxInputs({ prompt, seed, steps, guidance, prompt_upsampling: enable_prompt_expansion });
  const images = imagesIn(input);
  const issue = (field: string, msg: string): InputIssue => ({ loc: ['body', field], msg, type: 'value_error' });
  const isTolerance = isOneOf(input.safety_tolerance, ['1', '2', '3', '4', '5']);
  return [
    ...('width' in inputs ? [] : inputs),
    ...(steps === 1 ? [issue('num_inference_steps', 'Input should be greater than or equal to 2')] : []),
    ...(isTolerance ? [] : [issue('safety_tolerance', "Input should be '1', '2', '3', '4' or '5'")]),
    ...(isOneOf(input.output_format, ['jpeg', 'png'])
      ? []
      : [issue('output_format', "Input should be 'jpeg' or 'png'")]),
    ...(isEdit && images.length === 0 ? [issue('image_urls', 'Field required')] : []),
    ...(images.length > 10 ? [issue('image_urls', 'List should have at most 10 items')] : []),
    ...(images.some((image) => megapixelsOf(image) === null) ? [issue('image_urls', 'Failed to load the image')] : []),
  ];
}

const isOneOf = (value: unknown, known: readonly unknown[]) => value === undefined || known.includes(value);
const imagesIn = ({ image_urls }: Input): unknown[] => (Array.isArray(image_urls) ? image_urls : []);

function sizeOf({ image_size }: Input) {
  const size: Input = typeof image_size === 'object' && image_size !== null ? { ...image_size } : {};
  const { width, height } = size;
  if (typeof width !== 'number' || typeof height !== 'number') return { width: 1024, height: 768 };
  return { width, height };
}

/** Millions of pixels of a picture; null where it is none. */
function megapixelsOf(image: unknown): number | null {
  const inputs = readFluxInputs({ prompt: '', input_image: image, width: 64, height: 64 });
  return 'width' in inputs ? inputs.inputMegapixels : null;
}

/** Each picture by its own started megapixels, those that come in as those that come out. */
function priceOf(input: Input): number {
  const { width, height } = sizeOf(input);
  const pictures = [(width * height) / 1e6, ...imagesIn(input).map((image) => megapixelsOf(image) ?? 0)];
  const started = (megapixels: number) => Math.max(1, Math.ceil((megapixels * 1e6) / (1024 * 1024)));
  return pictures.reduce((sum, megapixels) => sum + started(megapixels), 0) * megapixelMicros;
}

function status(id: string, { origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const handles = handlesOf(id, origin);
  if (unsoldResult(id) !== null) return { status: 200, json: { ...handles, status: 'COMPLETED', logs: null } };
  const sale = shop.sales.get(id);
  if (sale === undefined) return notFound('Request not found');
  const trouble = shop.pollTrouble(sale);
  if (trouble !== null) return trouble;
  if (shop.stateOf(sale) !== 'working') return { status: 200, json: { ...handles, status: 'COMPLETED', logs: null } };
  const working = isQueued(sale, shop)
    ? { status: 'IN_QUEUE', queue_position: 1 }
    : { status: 'IN_PROGRESS', logs: null };
  return { status: 202, json: { ...handles, ...working } };
}

/** It waits for a runner for a quarter of its time. */
const isQueued = (sale: Sale, shop: Shop) => shop.progressOf(sale) < 0.25;

/** What the request came to: a failure has the status of its failure here. */
function result(id: string, { origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const sale = shop.sales.get(id);
  if (sale === undefined) return unsoldResult(id) ?? notFound('Request not found');
  switch (shop.stateOf(sale)) {
    case 'working':
      return { status: 400, json: { detail: 'Request is still in progress' } };
    case 'cancelled':
      return requestError(499, 'Request was cancelled', 'client_cancelled');
    case 'moderated':
      return violation(['body']);
    case 'failed':
      return requestError(500, 'The runner failed', 'runner_server_error');
    case 'ready': {
      const url = `${origin}/files/${sale.id}/picture.png`;
      return { status: 200, json: { images: [{ url, content_type: 'image/png' }], seed: sale.seed } };
    }
  }
}

/** What waits in the queue is taken out of it; what runs is asked to stop, which this model does not. */
function cancel(id: string, shop: Shop): SimulatedReply {
  const sale = shop.sales.get(id);
  if (sale === undefined) return { status: 404, json: { status: 'NOT_FOUND' } };
  if (shop.stateOf(sale) !== 'working') return { status: 400, json: { status: 'ALREADY_COMPLETED' } };
  if (!isQueued(sale, shop)) return { status: 202, json: { status: 'CANCELLATION_REQUESTED' } };
  sale.isCancelled = true;
  return { status: 200, json: { status: 'OK' } };
}

/** The host of the files takes no key, and none may be sent there. */
function deliver({ headers, path }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the host of the files' };
  const sale = shop.sales.get(path.split('/')[2] ?? '');
  return sale === undefined ? { status: 404, body: 'Not Found' } : pictureReply(sale, shop);
}
