import { aspectSize } from './aspect-size.ts';
import { storeAsset, storedAsset } from './onemin-assets.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';
import { syncReply } from './sync-sale.ts';

/**
 * 1min.ai: vendors/1min.txt and docs.1min.ai. Its errors are in the shape that its clients have met, a lack of credit
 * with its 406; how it words moderation is not known. Pictures are in a bucket, which this simulator plays below
 * `/asset.1min.ai`.
 */
export const onemin: Simulator = {
  id: '1min',
  prefix: 'ONEMIN',
  key: 'simulated-1min-key',
  isSync: true,
  handle: (request, shop) => {
    const { method, path, headers } = request;
    if (method === 'GET' && path.startsWith(bucketPath)) return deliver(request, shop);
    if (headers['api-key'] !== onemin.key) return words.badKey;
    if (method === 'POST' && path === '/api/assets') return storeAsset(request, shop);
    if (method === 'POST' && path === '/api/features') return feature(request, shop);
    if (method === 'GET' && path.startsWith('/api/results/')) return result(request, shop);
    return errorReply(404, 'NOT_FOUND', `Cannot ${method} ${path}`);
  },
};

const priceMicros = 50_000;
const model = 'black-forest-labs/flux-2-flex';
const bucketPath = '/asset.1min.ai/images/';
const expiryMs = 3_600_000;

const words: VendorWords = {
  badKey: errorReply(401, 'INVALID_API_KEY', 'API key is invalid'),
  refuse: errorReply(400, 'UNKNOWN_ERROR', 'The request could not be processed.'),
  credit: errorReply(406, 'INSUFFICIENT_CREDITS', 'The feature requires 105 credits, but the team only has 35 credits'),
  rateLimit: errorReply(429, 'TOO_MANY_REQUESTS', 'Too many requests'),
  error: errorReply(500, 'INTERNAL_SERVER_ERROR', 'Internal server error'),
  unavailable: errorReply(503, 'SERVICE_UNAVAILABLE', 'Service unavailable'),
  moderated: passedOn({ status: 'Request Moderated' }),
};

function errorReply(status: number, errorCode: string, message: string, details?: string): SimulatedReply {
  return { status, json: { errorCode, message, ...(details === undefined ? {} : { details }) } };
}

/** What the API behind it answered comes as a text in `details`, under a message that says nothing of it. */
function passedOn(data: unknown): SimulatedReply {
  const details = JSON.stringify({ response: { status: 400, data }, request: { method: 'post' } });
  return errorReply(400, 'EXTERNAL_API_RESPONSE_WITH_ERROR', 'The service is a bit busy right now.', details);
}

type Fields = Readonly<Record<string, unknown>>;

function feature({ json, origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const body = fieldsOf(json);
  const types = ['IMAGE_GENERATOR', 'IMAGE_EDITOR'];
  if (!types.includes(String(body.type)))
    return errorReply(400, 'UNKNOWN_ERROR', `Unsupported feature type: ${body.type}`);
  if (body.model !== model) return errorReply(400, 'UNSUPPORTED_MODEL', `Model ${body.model} is not supported`);
  const promptObject = fieldsOf(body.promptObject);
  const wrong = wrongFieldIn(promptObject) ?? (body.type === 'IMAGE_EDITOR' ? wrongImage(promptObject, shop) : null);
  if (wrong !== null) return passedOn({ code: 'InvalidParameter', message: `${wrong} is missing or out of range` });
  const ratio = String(promptObject.aspect_ratio ?? '1:1');
  const size = aspectSize(ratio === 'match_input_image' ? '1:1' : ratio, 1);
  const seed = Number(promptObject.seed ?? Math.floor(Math.random() * 2 ** 32));
  return shop.sell(
    { ...size, seed, priceMicros, parameters: json },
    { words, accept: (sale) => (body.async === true ? started(sale) : answer(sale, shop, origin)) },
  );
}

const choices: Readonly<Record<string, readonly unknown[]>> = {
  aspect_ratio: ['1:1', '16:9', '9:16', '3:2', '2:3', '4:5', '5:4', 'match_input_image'],
  output_format: ['jpg', 'png'],
  prompt_upsampling: [true, false],
};
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  output_quality: [0, 100],
  steps: [6, 50],
  guidance: [2, 5],
  safety_tolerance: [1, 6],
  seed: [0, Number.MAX_SAFE_INTEGER],
};

/** The first field that is not as its page has it. */
function wrongFieldIn(promptObject: Fields): string | null {
  if (typeof promptObject.prompt !== 'string' || promptObject.prompt === '') return 'prompt';
  const isOutside = (value: unknown, [min, max]: readonly [number, number]) =>
    value !== undefined && !(typeof value === 'number' && value >= min && value <= max);
  const unlisted = Object.entries(choices).find(
    ([name, values]) => promptObject[name] !== undefined && !values.includes(promptObject[name]),
  );
  const outside = Object.entries(ranges).find(([name, range]) => isOutside(promptObject[name], range));
  return unlisted?.[0] ?? outside?.[0] ?? null;
}

/** A URL, or the path of an asset that was uploaded. */
function wrongImage({ imageUrl }: Fields, shop: Shop): string | null {
  const isKnown = typeof imageUrl === 'string' && (/^https?:/.test(imageUrl) || storedAsset(shop, imageUrl) !== null);
  return isKnown ? null : 'imageUrl';
}

function answer(sale: Sale, shop: Shop, origin: string): SimulatedReply {
  return syncReply(sale, shop, {
    picture: finished(sale, origin),
    withheld: failed(sale, { errorCode: 'CONTENT_MODERATED', errorMessage: 'The picture was withheld.' }),
    failed: failed(sale, { errorMessage: 'The generation failed.' }),
  });
}

/** A record by its id, for who asked for it with `async`. One that is not known is null, with a 200. */
function result({ path, origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const sale = shop.sales.get(path.slice('/api/results/'.length));
  if (sale === undefined) return { status: 200, json: { aiRecord: null } };
  const trouble = shop.pollTrouble(sale);
  if (trouble !== null) return trouble;
  return shop.stateOf(sale) === 'working' ? started(sale) : answer(sale, shop, origin);
}

const started = (sale: Sale) => record(sale, 'PROCESSING', {});

function finished(sale: Sale, origin: string): SimulatedReply {
  const name = `${sale.id}.png`;
  const temporaryUrl = `${origin}${bucketPath}${name}?X-Amz-Date=${sale.dueAt}&X-Amz-Signature=${sale.id.slice(0, 8)}`;
  return record(sale, 'SUCCESS', { resultObject: [`images/${name}`] }, { temporaryUrl });
}

const failed = (sale: Sale, detail: Fields) => record(sale, 'FAILURE', { resultObject: [], ...detail });

/** Success or not, it comes with a 200. */
function record(sale: Sale, status: string, detail: Fields, more: Fields = {}): SimulatedReply {
  const { type, promptObject } = fieldsOf(sale.parameters);
  const createdAt = new Date(sale.soldAt).toISOString();
  const aiRecordDetail = { promptObject, ...detail };
  return {
    status: 200,
    json: { aiRecord: { uuid: sale.id, model, type, status, createdAt, aiRecordDetail, ...more } },
  };
}

/** A bucket takes no key, and none may be sent there. */
function deliver({ headers, path, query }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers['api-key'] !== undefined) return { status: 400, body: 'a key was sent to the bucket' };
  const sale = shop.sales.get(path.slice(bucketPath.length, -'.png'.length));
  const isSigned = sale !== undefined && query.get('X-Amz-Signature') === sale.id.slice(0, 8);
  if (!isSigned || shop.now > sale.dueAt + expiryMs) return { status: 403, body: '<Error>AccessDenied</Error>' };
  return pictureReply(sale, shop);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
