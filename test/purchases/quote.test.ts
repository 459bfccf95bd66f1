import { env } from 'cloudflare:workers';
import { afterAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { call } from '../support/front-door';
import { forgetCircuits } from '../support/gate-state';
import {
  billOf,
  fingerprintOf,
  ledgerOf,
  ordered,
  orderOf,
  type QuoteAnswer,
  quoted,
  spentOf,
} from '../support/purchase';
import { vendorNetwork } from '../support/vendor-network';
import { pngOf } from '../vendors/pictures';

const network = vendorNetwork();
afterAll(() => network.close());

const words = (prompt: string) => ({ prompt, seed: 77, steps: 30, guidance: 5, prompt_upsampling: true });
const size = { width: 1024, height: 1024 };
const model = 'black-forest-labs/flux-2-flex';

/** One megapixel with a seed, as each dialect words it. */
const bodies: Readonly<Record<string, (prompt: string) => unknown>> = {
  bfl: (prompt) => ({ ...words(prompt), ...size }),
  cometapi: (prompt) => ({ ...words(prompt), ...size }),
  openai: (prompt) => ({ ...words(prompt), size: '1024x1024' }),
  fal: (prompt) => ({ prompt, seed: 77, image_size: size, num_inference_steps: 30, guidance_scale: 5 }),
  replicate: (prompt) => ({ input: { ...words(prompt), aspect_ratio: '1:1', resolution: '1 MP' } }),
  oxen: (prompt) => ({
    ...{ model: 'flux-2-flex', prompt, seed: 77, aspect_ratio: '1:1', resolution: '1 MP' },
    ...{ num_inference_steps: 30, guidance: 5 },
  }),
  '1min': (prompt) => ({
    ...{ type: 'IMAGE_GENERATOR', model },
    promptObject: { ...words(prompt), aspect_ratio: '1:1' },
  }),
  hinow: (prompt) => ({
    ...{ model, prompt },
    parameters: { aspect_ratio: '1:1', num_inference_steps: '30', guidance_scale: '5.0', seed: 77 },
  }),
  chat: (prompt) => ({
    ...{ model, modalities: ['image'], seed: 77, messages: [{ role: 'user', content: prompt }] },
    image_config: { aspect_ratio: '1:1', steps: 30, guidance: 5 },
  }),
};

/** Routes that need no reference, of every dialect that takes orders. */
const routes = dialects.flatMap(({ id, operations }) =>
  operations
    .filter(({ kind, path }) => kind === 'create' && !/edit/.test(path))
    .map(({ path }) => ({ id, path, body: bodyFor(id, path) })),
);

/** Replicate's route for any model has it in the body. */
function bodyFor(id: string, path: string): unknown {
  const body = bodies[id]?.(`quote: ${id} at ${path}`);
  return path.endsWith('/v1/predictions') ? { version: model, ...(body as object) } : body;
}

const keys = { fal: { authorization: `Key ${env.DEV_API_KEY}` }, '1min': { 'api-key': env.DEV_API_KEY } };

const quoteOf = async ({ id, path, body }: (typeof routes)[number]) => {
  const response = await call(`/v1/quote?${new URLSearchParams({ dialect: id, path })}`, { json: body });
  return { status: response.status, ...(await response.json<QuoteAnswer>()) };
};

describe('a quote', () => {
  it('is there for every dialect that takes orders', () => {
    const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
    expect(new Set(routes.map(({ id }) => id))).toEqual(new Set(makers.map(({ id }) => id)));
  });

  it.each(routes)('of $id at $path buys nothing, and names the picture that is then ordered', async (route) => {
    const before = network.sent.length;
    const quote = await quoteOf(route);
    expect(quote).toMatchObject({
      ...{ status: 200, object: 'quote', dialect: route.id, total_micros: 52_500 },
      pictures: [{ stored: false, provider: 'bfl', price_micros: 52_500, changes: [] }],
    });
    expect(quote.pictures[0]?.parameters).toMatchObject({ ...size, seed: 77, steps: 30, guidance: 5 });
    expect(network.sent).toHaveLength(before);

    const path = route.path.replace(':owner', 'black-forest-labs').replace(':name', 'flux-2-flex');
    const headers = Reflect.get(keys, route.id) as Record<string, string> | undefined;
    const order = await call(path, { json: route.body, ...(headers === undefined ? {} : { headers }) });
    const fingerprint = quote.pictures[0]?.fingerprint ?? '';
    expect(order.headers.get('x-fluxgate-fingerprint'), await order.text()).toBe(fingerprint);
    await expect.poll(() => ledgerOf(fingerprint), { timeout: 10_000 }).toMatchObject([{ quoted_micros: 52_500 }]);
    expect(await quoteOf(route)).toMatchObject({
      total_micros: 0,
      pictures: [{ fingerprint, stored: true, provider: 'bfl', price_micros: 0 }],
    });
  });

  it('of several pictures is the sum of them', async () => {
    const quote = await quoted(orderOf('quote: four', { n: 4, size: '2048x2048' }));
    expect(quote.pictures).toHaveLength(4);
    expect(quote.pictures.map(({ parameters }) => parameters.seed)).toEqual([7, 8, 9, 10]);
    expect(quote.total_micros).toBe(4 * 209_500);
  });

  it('tells who would serve, and what would be changed', async () => {
    const headers = { 'x-fluxgate-provider': 'hinow', 'x-fluxgate-fit': 'nearest' };
    const quote = await quoted(orderOf('quote: nearest', { steps: 10 }), headers);
    expect(quote.pictures).toMatchObject([
      { provider: 'hinow', changes: ['steps: 25 instead of 10'], parameters: { steps: 25 }, price_micros: 50_000 },
    ]);
  });

  it('names who would be asked just now: none whose circuit is open, unless it is the one that was asked for', async () => {
    const [first, second] = network.vendors.map(({ entry }) => entry.id);
    const prompt = 'quote: an open circuit.';
    network.failFor('quote: opens it.', 'credit');
    await ordered(orderOf('quote: opens it.'));
    const { pictures } = await quoted(orderOf(prompt));
    const pinned = await quoted(orderOf(prompt), { 'x-fluxgate-provider': first ?? '' });
    expect([pictures[0]?.provider, pinned.pictures[0]?.provider]).toEqual([second, first]);
    const { response } = await ordered(orderOf(prompt));
    expect(response.headers.get('x-fluxgate-provider')).toBe(second);
    const [row] = await ledgerOf(pictures[0]?.fingerprint ?? '');
    expect(row?.spent_micros).toBe(pictures[0]?.price_micros);
    await forgetCircuits();
  });

  it.each([
    ['?dialect=midjourney', { dialect: 'midjourney' }, 'dialect'],
    ['?path=/v1/other', { path: '/v1/other' }, 'path'],
  ])('of %s is refused, and says what is accepted', async (_name, query, field) => {
    const response = await call(`/v1/quote?${new URLSearchParams(query)}`, { json: orderOf('quote: wrong') });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`${field}: expected one of`);
  });
});

describe('references', () => {
  it('cost at BFL what its page says: input by the megapixel, with two decimals', async () => {
    const pictures = [pngOf({ width: 1000, height: 1000, seed: 1 }), pngOf({ width: 640, height: 480, seed: 2 })];
    const order = orderOf('references: price.', { input_images: pictures.map((bytes) => bytes.toBase64()) });
    const headers = { 'x-fluxgate-provider': 'bfl' };
    const { pictures: quotes } = await quoted(order, headers);
    // 1.05 megapixels out, 1.31 in, at five cents each.
    expect(quotes).toMatchObject([{ price_micros: 118_000 }]);
    expect((await ordered(order, headers)).code).toBe('ready');
    const rows = await ledgerOf(await fingerprintOf(order, headers));
    expect(rows).toMatchObject([{ quoted_micros: 118_000, actual_micros: 118_000, spent_micros: 118_000 }]);
    expect(spentOf(rows)).toBe(billOf(network.salesFor('references: price.')));
  });
});
