import { fluxPrice, readFluxInputs } from './flux-inputs.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';

/**
 * Black Forest Labs: https://docs.bfl.ai/api_integration/errors and the OpenAPI document. A task is asked about at its
 * polling URL; its picture is at another host, which this simulator plays below `/delivery`.
 */
export const bfl: Simulator = {
  id: 'bfl',
  prefix: 'BFL',
  key: 'bfl_simulated_key',
  isSync: false,
  concurrency: 24,
  handle: (request, shop) => {
    const { method, path } = request;
    if (method === 'POST' && path === '/v1/flux-2-flex') return submit(request, shop);
    if (method === 'GET' && path === '/v1/get_result') return result(request, shop);
    if (method === 'GET' && path === '/v1/credits') return credits(request, shop);
    if (method === 'GET' && path.startsWith('/delivery/')) return deliver(request, shop);
    return { status: 404, json: { detail: 'Not Found' } };
  },
};

const megapixelMicros = 50_000;
const expiryMs = 600_000;
/** A task that moderation stopped before it was made: it has an id and a state, and no sale. */
const moderatedPrefix = 'moderated-';

const badFormat: SimulatedReply = { status: 422, json: { detail: 'Invalid API key format' } };

function submit(request: SimulatedRequest, shop: Shop): SimulatedReply {
  const refusal = unauthorised(request);
  if (refusal !== null) return refusal;
  const inputs = readFluxInputs(request.json);
  if (!('width' in inputs)) return { status: 422, json: { detail: inputs } };
  const priceMicros = fluxPrice(inputs, megapixelMicros);
  const { width, height, seed, inputMegapixels, outputMegapixels } = inputs;
  const facts = { cost: priceMicros / 10_000, input_mp: inputMegapixels, output_mp: outputMegapixels };
  const accept = (id: string): SimulatedReply => ({
    status: 200,
    json: inputs.hasWebhook
      ? { id, status: 'Pending', webhook_url: 'https://example.com/', ...facts }
      : { id, polling_url: `${request.origin}/v1/get_result?id=${id}`, ...facts },
  });
  return shop.sell(
    { width, height, seed, priceMicros, parameters: request.json },
    { words: wordsWith(accept(`${moderatedPrefix}${crypto.randomUUID()}`)), accept: (sale) => accept(sale.id) },
  );
}

function wordsWith(moderated: SimulatedReply): VendorWords {
  return {
    badKey: badFormat,
    refuse: { status: 400, json: { detail: 'The request could not be processed.' } },
    credit: { status: 402, json: { detail: 'Insufficient credits. Please add more credits to your account.' } },
    rateLimit: { status: 429, json: { detail: 'Too many active tasks.' } },
    error: { status: 500, json: { detail: 'Internal Server Error' } },
    unavailable: { status: 503, json: { detail: 'Service temporarily unavailable' } },
    moderated,
  };
}

/** Declared without security: no key is asked for, but a wrong one is refused. */
function result(request: SimulatedRequest, shop: Shop): SimulatedReply {
  const { headers, query, origin } = request;
  if (headers['x-key'] !== undefined && headers['x-key'] !== bfl.key) return notAuthenticated;
  const id = query.get('id') ?? '';
  if (id.startsWith(moderatedPrefix)) return { status: 200, json: taskOf(id, 'Request Moderated', reasons) };
  const sale = shop.sales.get(id);
  if (sale === undefined) return { status: 404, json: taskOf(id, 'Task not found') };
  return shop.pollTrouble(sale) ?? stateReply(sale, shop, origin);
}

function stateReply(sale: Sale, shop: Shop, origin: string): SimulatedReply {
  const { id, dueAt } = sale;
  switch (shop.stateOf(sale)) {
    case 'working':
      return { status: 200, json: taskOf(id, 'Pending', { progress: shop.progressOf(sale) }) };
    case 'ready': {
      const sample = `${origin}/delivery/${id}/sample.png?se=${dueAt + expiryMs}&sig=${signatureOf(sale)}`;
      const times = { start_time: sale.soldAt / 1000, end_time: dueAt / 1000, duration: (dueAt - sale.soldAt) / 1000 };
      return { status: 200, json: taskOf(id, 'Ready', { progress: 1, result: { sample, seed: sale.seed, ...times } }) };
    }
    case 'moderated':
      return { status: 200, json: taskOf(id, 'Content Moderated', reasons) };
    default:
      return { status: 503, json: taskOf(id, 'Error', { details: { error: 'worker failed' } }) };
  }
}

const reasons = { details: { 'Moderation Reasons': ['Derivative Works Filter'] } };

function taskOf(id: string, status: string, more: Readonly<Record<string, unknown>> = {}) {
  return { id, status, result: null, progress: null, details: null, preview: null, ...more };
}

/** A signed URL at a host of its own: it takes no key, and none may be sent there. */
function deliver({ headers, path, query }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers['x-key'] !== undefined || headers.authorization !== undefined) {
    return { status: 400, body: 'a key was sent to the delivery host' };
  }
  const sale = shop.sales.get(path.split('/')[2] ?? '');
  const isSigned = sale !== undefined && query.get('sig') === signatureOf(sale);
  if (!isSigned || shop.now > Number(query.get('se'))) {
    return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error>AuthenticationFailed</Error>' };
  }
  return pictureReply(sale, shop);
}

const signatureOf = ({ id }: Sale) => id.replaceAll('-', '').split('').reverse().join('');

function credits(request: SimulatedRequest, shop: Shop): SimulatedReply {
  return unauthorised(request) ?? { status: 200, json: { credits: 1_000 - shop.billMicros / 10_000 } };
}

const notAuthenticated: SimulatedReply = { status: 403, json: { detail: 'Not authenticated' } };

function unauthorised({ headers }: SimulatedRequest): SimulatedReply | null {
  const key = headers['x-key'];
  if (key === bfl.key) return null;
  return typeof key === 'string' && !key.startsWith('bfl_') ? badFormat : notAuthenticated;
}
