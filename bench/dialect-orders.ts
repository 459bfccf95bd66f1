import { key } from './stage.ts';

/** An order in one dialect, as its clients word it. */
export interface DialectOrder {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const prompt = 'bench: a hit';
const seed = 1;
const model = 'black-forest-labs/flux-2-flex';
const bearer = { authorization: `Bearer ${key}` };
const small = { prompt, seed, width: 128, height: 128 };

/** The name of the order whose answer is mostly the picture's bytes. */
export const pictureWithin = 'chat (picture within)';

/** One for each answer that the service knows to give at once. */
export const dialectOrders: readonly DialectOrder[] = [
  order('OpenAI', '/v1/images/generations', bearer, { prompt, seed, size: '128x128' }),
  order('BFL', '/v1/flux-2-flex', { 'x-key': key }, small),
  order('CometAPI', '/flux/v1/flux-2-flex', bearer, small),
  order(
    'fal',
    '/fal/run/fal-ai/flux-2-flex',
    { authorization: `Key ${key}` },
    {
      ...{ prompt, seed },
      image_size: { width: 128, height: 128 },
    },
  ),
  order(
    'Replicate',
    `/replicate/v1/models/${model}/predictions`,
    { ...bearer, prefer: 'wait' },
    {
      input: { prompt, seed, aspect_ratio: '1:1', resolution: '0.5 MP' },
    },
  ),
  order('Oxen', '/api/ai/images/generate', bearer, {
    ...{ model: 'flux-2-flex', prompt, seed },
    ...{ aspect_ratio: '1:1', resolution: '0.5 MP' },
  }),
  order(
    '1min',
    '/api/features',
    { 'api-key': key },
    {
      ...{ type: 'IMAGE_GENERATOR', model },
      promptObject: { prompt, seed, aspect_ratio: '1:1' },
    },
  ),
  order('hinow', '/v1/images', bearer, { model, prompt, parameters: { aspect_ratio: '1:1', seed } }),
  // Its answer has the picture itself in it, as base64: no floor here does as much.
  order(pictureWithin, '/v1/chat/completions', bearer, {
    ...{ model, seed, modalities: ['image'] },
    messages: [{ role: 'user', content: prompt }],
  }),
];

function order(
  name: string,
  path: string,
  credential: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
): DialectOrder {
  return { name, path, headers: { 'content-type': 'application/json', ...credential }, body: JSON.stringify(body) };
}
