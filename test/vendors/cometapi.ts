import { fluxPrice, readFluxInputs } from './flux-inputs.ts';
import { pictureReply } from './pictures.ts';
import type { Sale, Shop, SimulatedReply, SimulatedRequest, Simulator, VendorWords } from './simulator.ts';

/**
 * CometAPI, which resells BFL's API below `/flux`: vendors/cometapi.txt and its apidoc. How it words errors is not
 * documented; they are as the open gateway words them that it appears to be built on.
 */
export const cometapi: Simulator = {
  id: 'cometapi',
  prefix: 'COMETAPI',
  key: 'sk-simulated-comet-key',
  isSync: false,
  handle: (request, shop) => {
    const { method, path } = request;
    if (method === 'GET' && path.startsWith('/durable/')) return deliver(request, shop);
    if (!isAuthorised(request)) return words.badKey;
    if (method === 'POST' && path === '/flux/v1/flux-2-flex') return submit(request, shop);
    if (method === 'GET' && path === '/flux/v1/get_result') return result(request, shop);
    return errorReply(404, 'invalid_url', `Invalid URL (${method} ${path})`);
  },
};

const megapixelMicros = 60_000;
const expiryMs = 600_000;

const words: VendorWords = {
  badKey: errorReply(401, '', 'Invalid token'),
  refuse: errorReply(400, 'invalid_request', 'The request could not be processed.'),
  credit: errorReply(403, 'insufficient_user_quota', 'user quota is not enough'),
  rateLimit: errorReply(429, 'rate_limit_exceeded', 'Too many requests'),
  error: errorReply(500, 'bad_response_status_code', 'bad response status code 500'),
  unavailable: errorReply(503, 'model_not_found', 'No available channel for model flux-2-flex'),
  moderated: errorReply(400, 'sensitive_words_detected', 'user sensitive words detected'),
};

function errorReply(status: number, code: string, message: string): SimulatedReply {
  return { status, json: { error: { message, type: 'comet_api_error', param: '', code } } };
}

/** Its page sends the bare key, its documentation a bearer, and clients have been seen with `x-key`. */
function isAuthorised({ headers }: SimulatedRequest): boolean {
  const given = headers.authorization ?? headers['x-key'];
  return typeof given === 'string' && given.replace(/^Bearer /, '') === cometapi.key;
}

function submit(request: SimulatedRequest, shop: Shop): SimulatedReply {
  const inputs = readFluxInputs(request.json);
  if (!('width' in inputs)) {
    return errorReply(422, 'invalid_request', inputs.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '));
  }
  const { width, height, seed, outputMegapixels } = inputs;
  const priceMicros = fluxPrice(inputs, megapixelMicros);
  const facts = { cost: priceMicros / 10_000, output_mp: outputMegapixels };
  return shop.sell(
    { width, height, seed, priceMicros, parameters: request.json },
    {
      words,
      // It leads to another's host, where a key of this one means nothing.
      accept: ({ id }) => ({
        status: 200,
        json: { id, polling_url: `https://api.eu1.bfl.ai/v1/get_result?id=${id}`, ...facts },
      }),
    },
  );
}

function result({ query, origin }: SimulatedRequest, shop: Shop): SimulatedReply {
  const id = query.get('id') ?? '';
  const sale = shop.sales.get(id);
  if (sale === undefined) return { status: 200, json: { id, status: 'Task not found' } };
  return shop.pollTrouble(sale) ?? { status: 200, json: { id, ...stateOf(sale, shop, origin) } };
}

function stateOf(sale: Sale, shop: Shop, origin: string) {
  switch (shop.stateOf(sale)) {
    case 'working':
      return { status: 'Pending' };
    case 'ready': {
      const sample = `${origin}/durable/${sale.id}/sample.png?se=${sale.dueAt + expiryMs}`;
      return { status: 'Ready', result: { seed: sale.seed, sample, duration: (sale.dueAt - sale.soldAt) / 1000 } };
    }
    case 'moderated':
      return { status: 'Content Moderated' };
    default:
      return { status: 'Error', result: { message: 'generation failed' } };
  }
}

/** BFL's delivery host: it takes no key, and none may be sent there. */
function deliver({ headers, path, query }: SimulatedRequest, shop: Shop): SimulatedReply {
  if (headers.authorization !== undefined) return { status: 400, body: 'a key was sent to the delivery host' };
  const sale = shop.sales.get(path.split('/')[2] ?? '');
  if (sale === undefined || shop.now > Number(query.get('se'))) return { status: 403, body: '<Error>Expired</Error>' };
  return pictureReply(sale, shop);
}
