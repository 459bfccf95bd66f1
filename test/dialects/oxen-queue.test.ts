import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { modelSample } from '../fixtures/oxen/samples';
import { addAccount } from '../support/accounts';
import { requestOfCurl } from '../support/curl-sample';
import { bytesAt, call, origin } from '../support/front-door';

interface Generation {
  readonly generation_id: string;
  readonly status: string;
  readonly result_url: string | null;
  readonly error_message: string | null;
  readonly [key: string]: unknown;
}

const small = { aspect_ratio: '1:1', resolution: '0.5 MP', num_inference_steps: 4, output_format: 'png' };

async function enqueue(body: object) {
  const response = await call('/api/ai/queue', { json: { ...small, ...body } });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const { generations } = await response.json<{ generations: { generation_id: string; status: string }[] }>();
  return generations;
}
async function look(id: string): Promise<Generation> {
  return await (await call(`/api/ai/queue/${id}`)).json<Generation>();
}
async function ended(id: string): Promise<Generation> {
  for (let tries = 0; tries < 400; tries += 1) {
    const generation = await look(id);
    if (!['queued', 'processing'].includes(generation.status)) return generation;
    await scheduler.wait(20);
  }
  throw new Error('The generation never ended.');
}

describe('the queue', () => {
  it('answers an id for each generation, and later its picture', async () => {
    const generations = await enqueue({ prompt: 'oxen: queue', seed: 5, num_generations: 2, guidance: 3 });
    expect(generations).toHaveLength(2);
    expect(generations[0]).toEqual({ generation_id: expect.stringMatching(/^[\w-]{1,128}$/), status: 'queued' });
    const last = await ended(generations[1]?.generation_id ?? '');
    expect(last).toEqual({
      generation_id: generations[1]?.generation_id,
      status: 'succeeded',
      model: 'flux-2-flex',
      media_type: 'image',
      prompt: 'oxen: queue',
      num_inference_steps: 4,
      guidance: 3,
      seed: 6,
      output_format: 'png',
      enqueued_at: expect.any(Number),
      started_at: expect.any(Number),
      completed_at: expect.any(Number),
      result_url: expect.stringMatching(new RegExp(`^${origin}/images/[0-9a-f]{64}\\.png$`)),
      error_message: null,
    });
    expect((await bytesAt(last.result_url ?? '')).slice(0, 4).toHex()).toBe('89504e47');
  });

  it('makes the same picture as the routes that wait', async () => {
    const body = { prompt: 'oxen: queue and wait', seed: 1 };
    const [generation] = await enqueue(body);
    const { result_url } = await ended(generation?.generation_id ?? '');
    const waited = await call('/api/ai/images/generate', { json: { ...small, ...body } });
    expect((await waited.json<{ images: object[] }>()).images).toEqual([{ url: result_url }]);
    expect(waited.headers.get('x-fluxgate-source')).toBe('hit');
    expect(await enqueue(body)).toEqual([{ generation_id: expect.any(String), status: 'succeeded' }]);
  });

  it.each(['moderated-request', 'moderated-output', 'error', 'unknown'])('tells why it failed: %s', async (trigger) => {
    const [generation] = await enqueue({ prompt: `oxen: queue sandbox:${trigger}` });
    const failed = await ended(generation?.generation_id ?? '');
    expect(failed).toMatchObject({
      status: 'failed',
      result_url: null,
      error_message: expect.stringMatching(/.{10,}/),
    });
  });

  it.each(['slow', 'never'])('has a generation in process, until it is cancelled: %s', async (trigger) => {
    const [{ generation_id: id } = { generation_id: '' }] = await enqueue({ prompt: `oxen: queue sandbox:${trigger}` });
    await expect.poll(async () => (await look(id)).status, { interval: 20, timeout: 5000 }).toBe('processing');
    const response = await call(`/api/ai/queue/${id}`, { method: 'DELETE' });
    expect(response.status).toBe(200);
    expect((await ended(id)).status).toBe('cancelled');
  });

  it.each(['unknown', 'a'.repeat(115), '%00'])('does not find %s', async (id) => {
    const response = await call(`/api/ai/queue/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { type: 'resource_not_found' } });
  });

  it('lists what has ended by the status asked for, and without one what has not', async () => {
    const [made] = await enqueue({ prompt: 'oxen: listed' });
    const [failed] = await enqueue({ prompt: 'oxen: listed sandbox:moderated-output' });
    for (const generation of [made, failed]) await ended(generation?.generation_id ?? '');
    const listed = async (query: string) => {
      const response = await call(`/api/ai/queue${query}`);
      const { count, generations } = await response.json<{ count: number; generations: Generation[] }>();
      expect(count).toBe(generations.length);
      return generations.map(({ generation_id: id }) => id);
    };
    await expect.poll(() => listed('?status=succeeded')).toContain(made?.generation_id);
    expect(await listed('?status=succeeded')).not.toContain(failed?.generation_id);
    expect(await listed('?status=succeeded,failed')).toEqual(
      expect.arrayContaining([made?.generation_id, failed?.generation_id]),
    );
    expect(await listed('')).toEqual([]);
    expect((await call('/api/ai/queue?cursor=~')).status).toBe(400);
  });
});

describe('the list', () => {
  interface Page {
    readonly count: number;
    readonly generations: readonly Generation[];
    readonly next_cursor: string | null;
  }
  const listed = async (key: string, query: string): Promise<Page> => {
    const response = await call(`/api/ai/queue?${query}`, { key });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return await response.json<Page>();
  };
  const order = async (key: string, prompt: string) => {
    const response = await call('/api/ai/queue', { key, json: { ...small, prompt } });
    const { generations } = await response.json<{ generations: { generation_id: string }[] }>();
    return generations[0]?.generation_id ?? '';
  };
  const idsOf = ({ generations }: Page) => generations.map(({ generation_id: id }) => id);

  it('is of what is under way, or of the status asked for, in full pages of any length', async () => {
    const key = await addAccount('oxen-pages');
    const failing = ['a', 'b', 'c'].map((name) => order(key, `oxen: pages ${name} sandbox:moderated-output`));
    const failed = await Promise.all(failing);
    await expect.poll(async () => (await listed(key, 'status=failed')).count, { timeout: 10_000 }).toBe(3);
    const made = await order(key, 'oxen: pages made');
    await expect.poll(async () => (await listed(key, 'status=succeeded')).count, { timeout: 10_000 }).toBe(1);
    const open = [await order(key, 'oxen: pages sandbox:never'), await order(key, 'oxen: other sandbox:never')];

    const underWay = await listed(key, '');
    expect([underWay.count, underWay.next_cursor, idsOf(underWay).toSorted()]).toEqual([2, null, open.toSorted()]);
    expect(idsOf(await listed(key, 'status=succeeded'))).toEqual([made]);
    expect(idsOf(await listed(key, 'status=succeeded&limit=1'))).toEqual([made]);

    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const found: Page = await listed(key, `status=failed&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(found.count).toBe(1);
      seen.push(...idsOf(found));
      cursor = found.next_cursor;
    }
    expect([cursor, seen.toSorted()]).toEqual([null, failed.toSorted()]);
    const both = await listed(key, 'status=succeeded,queued,processing&limit=3');
    expect(idsOf(both)).toEqual([...idsOf(underWay), made]);
    for (const id of open) await call(`/api/ai/queue/${id}`, { method: 'DELETE', key });
  });

  it('has nothing of another medium or model', async () => {
    const key = await addAccount('oxen-media');
    const id = await order(key, 'oxen: media sandbox:never');
    expect((await listed(key, 'media_type=video')).count).toBe(0);
    expect((await listed(key, 'model=kling-video')).count).toBe(0);
    expect(idsOf(await listed(key, 'media_type=image&model=flux-2-flex'))).toEqual([id]);
    await call(`/api/ai/queue/${id}`, { method: 'DELETE', key });
  });

  it.each([
    'status=bogus',
    'status=',
    'status=failed,bogus',
    'limit=0',
    'limit=abc',
    'limit=101',
    'limit=1.5',
    'media_type=x',
  ])('refuses what it cannot obey, in its own shape: %s', async (query) => {
    const response = await call(`/api/ai/queue?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      status: 'error',
      error: { type: 'invalid_request', field: query.split('=')[0], detail: expect.stringContaining('expected') },
    });
  });
});

describe('the models', () => {
  it('have the page’s own request answered', async () => {
    const { method, url, headers } = requestOfCurl(modelSample, { OXEN_API_KEY: env.DEV_API_KEY });
    const response = await call(url.pathname, { method, headers: Object.fromEntries(headers), key: null });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: 'flux-2-flex',
      object: 'model',
      display_name: 'FLUX.2 [flex]',
      developer: { name: 'Black Forest Labs' },
      capabilities: { input: ['text', 'image'], output: ['image'] },
      pricing: { method: 'per_image', cost_per_image: 0.0525 },
      limits: { prompt_characters: 32_000, input_images: 10, max_megapixels: 4 },
      sandbox: true,
    });
  });

  it('describe every parameter as the page does', async () => {
    const model = await (await call('/api/ai/models/flux-2-flex')).json<Record<string, Schema>>();
    expect(model.request_schema).toEqual(model.json_request_schema);
    const { type, required, properties } = model.json_request_schema ?? { properties: {} };
    expect({ type, required }).toEqual({ type: 'object', required: ['prompt', 'input_image'] });
    expect(properties).toMatchObject({
      aspect_ratio: { enum: ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', 'match_input_image'], default: '2:3' },
      resolution: { enum: ['1 MP', '2 MP', '0.5 MP'], default: '1 MP' },
      num_inference_steps: { type: 'integer', minimum: 1, maximum: 50, default: 30 },
      guidance: { type: 'number', minimum: 0, maximum: 10, default: 2 },
      output_format: { enum: ['webp', 'jpg', 'png'], default: 'webp' },
      output_quality: { type: 'integer', minimum: 0, maximum: 100, default: 80 },
      disable_safety_checker: { type: 'boolean', default: false },
      seed: { description: expect.any(String) },
    });
  });

  it('are listed, with a key or without', async () => {
    for (const key of [env.DEV_API_KEY, null]) {
      const { object, data } = await (await call('/api/ai/models', { key })).json<{ object: string; data: object[] }>();
      expect([object, data.length]).toEqual(['list', 1]);
      expect(data[0]).toEqual(await (await call('/api/ai/models/black-forest-labs/flux-2-flex', { key })).json());
    }
    expect((await call('/api/ai/models', { key: 'wrong' })).status).toBe(401);
  });

  it('have no other', async () => {
    const response = await call('/api/ai/models/flux-3');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { detail: 'Model not found: flux-3' } });
  });
});

interface Schema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}
