import { env } from 'cloudflare:workers';
import { type ApiError, type Prediction, parseProgressFromLogs, validateWebhook } from 'replicate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesAt, call } from '../support/front-door';
import { model, replicateClient, smallInput } from '../support/replicate-caller';

const input = (prompt: string, more: object = {}) => ({ ...smallInput, prompt: `client: ${prompt}`, ...more });

describe("Replicate's client", () => {
  it('runs the model in one request, waiting for it', async () => {
    const { client, sent } = replicateClient();
    const output = await client.run(model, { input: input('run') });
    expect(probePicture(await bytesAt(String(output)))).toMatchObject({ format: 'png', width: 256, height: 256 });
    expect(sent).toEqual([{ method: 'POST', path: `/replicate/v1/models/${model}/predictions`, prefer: 'wait' }]);
  });

  it('runs a version of it, for as many seconds as it is told', async () => {
    const { client, sent } = replicateClient();
    await client.run(`${model}:hidden`, { input: input('version'), wait: { mode: 'block', timeout: 9 } });
    expect(sent).toEqual([{ method: 'POST', path: '/replicate/v1/predictions', prefer: 'wait=9' }]);
  });

  it('goes on polling when the wait ran out, and tells its progress', async () => {
    const { client, sent } = replicateClient();
    const seen: Prediction[] = [];
    const running = client.run(
      model,
      { input: input('poll sandbox:never'), wait: { mode: 'block', timeout: 1, interval: 20 } },
      (prediction) => {
        seen.push(prediction);
        if (seen.length === 2) void client.predictions.cancel(prediction.id);
      },
    );
    await expect(running).resolves.toBeNull();
    expect(seen.map(({ status }) => status).slice(0, 2)).toEqual(['starting', 'processing']);
    expect(seen.at(-1)?.status).toBe('canceled');
    expect(sent.filter(({ method }) => method === 'GET').length).toBeGreaterThan(0);
    expect(parseProgressFromLogs(seen[1]?.logs ?? '')).toMatchObject({ total: 100 });
  });

  it('gets files over https, and their bytes', async () => {
    const { client } = replicateClient({ at: 'https://127.0.0.1' });
    const output = await client.run(model, { input: input('file output') });
    if (!('blob' in output) || !(output instanceof ReadableStream)) throw new Error('The output is no file.');
    expect(String(output)).toMatch(/^https:\/\/127\.0\.0\.1\/images\//);
    const blob: Blob = await (output as unknown as { blob(): Promise<Blob> }).blob();
    expect(blob.type).toBe('image/png');
    expect(probePicture(new Uint8Array(await blob.arrayBuffer()))).toMatchObject({ width: 256, isComplete: true });
  });

  it('gets URLs where it is told to', async () => {
    const { client } = replicateClient({ at: 'https://127.0.0.1', useFileOutput: false });
    const output = await client.run(model, { input: input('plain output') });
    expect(output).toMatch(/^https:\/\/127\.0\.0\.1\/images\/.+\.png$/);
  });

  it('creates, gets, cancels, lists and pages through predictions', async () => {
    const { client } = replicateClient();
    const created = await client.predictions.create({ model, input: input('create sandbox:never') });
    expect(created).toMatchObject({ status: 'starting', model, version: 'hidden' });
    expect(await client.predictions.get(created.id)).toMatchObject({ id: created.id });
    expect(await client.predictions.cancel(created.id)).toMatchObject({ status: 'canceled' });
    const made = await client.predictions.create({ version: model, input: input('list'), wait: true });
    expect(made.status).toBe('succeeded');
    const ids: string[] = [];
    for await (const page of client.paginate(client.predictions.list)) ids.push(...page.map(({ id }) => id));
    expect(ids).toContain(made.id);
  });

  it.each(['default', 'upload'] as const)('sends a Blob as an input: %s', async (fileEncodingStrategy) => {
    const { client, sent } = replicateClient({ fileEncodingStrategy });
    const blob = new Blob([pictureBytes('jpeg')], { type: 'image/jpeg' });
    const withBlob = input('blob', { input_images: [blob] });
    const { status, input: shown } = await client.predictions.create({ model, input: withBlob, wait: true });
    expect(status).toBe('succeeded');
    expect(shown).toMatchObject({ input_images: [expect.stringMatching(/\/uploads\/[0-9a-f]{64}\.jpg$/)] });
    expect(sent.map(({ path }) => path)).toContain('/replicate/v1/files');
  });

  it('falls back to data URLs where an upload fails on our side', async () => {
    const { client, sent } = replicateClient(
      {},
      (path) => path.endsWith('/files') && new Response('', { status: 503 }),
    );
    const blob = new Blob([pictureBytes('jpeg')], { type: 'image/jpeg' });
    await client.run(model, { input: input('fallback', { input_images: [blob] }) });
    expect(sent.map(({ path }) => path.split('/').at(-1))).toEqual(['files', 'predictions']);
  });

  it('sends itself, key and all, in place of the input when it is told to use data URLs: nothing is shown', async () => {
    const { client } = replicateClient({ fileEncodingStrategy: 'data-uri' });
    const error: ApiError = await client.run(model, { input: input('itself') }).catch((thrown) => thrown);
    expect(error.message).toContain('- input.prompt');
    expect(error.message).not.toContain(env.DEV_API_KEY);
  });

  it('uploads a file and gets it', async () => {
    const { client } = replicateClient();
    const file = await client.files.create(new Blob([pictureBytes('png')], { type: 'image/png' }), { customer: 1 });
    expect(await client.files.get(file.id)).toEqual(file);
  });

  it('reads the model, its versions and the account', async () => {
    const { client } = replicateClient();
    const object = await client.models.get('black-forest-labs', 'flux-2-flex');
    const version = object.latest_version?.id ?? '';
    expect(await client.models.versions.get('black-forest-labs', 'flux-2-flex', version)).toEqual(
      object.latest_version,
    );
    expect(await client.accounts.current()).toMatchObject({ username: 'fluxgate' });
  });

  it('streams the output', async () => {
    const { client } = replicateClient();
    const events = [];
    for await (const event of client.stream(model, { input: input('stream') })) events.push(event);
    expect(String(events.find(({ event }) => event === 'output'))).toMatch(/\/images\/.+\.png$/);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: '{}' });
  });

  it('throws what a failed prediction says', async () => {
    const { client } = replicateClient();
    const running = client.run(model, { input: input('sandbox:moderated-output') });
    await expect(running).rejects.toThrow(/^Prediction failed: .+\(E005\)$/);
  });

  it.each([
    { name: 'a wrong key', options: { auth: 'fg_wrong' }, id: model, more: {}, status: 401, text: 'Unauthenticated' },
    { name: 'another model', options: {}, id: 'stability-ai/sdxl', more: {}, status: 404, text: 'flux-2-flex' },
    { name: 'a wrong input', options: {}, id: model, more: { steps: 99 }, status: 422, text: '- input.steps' },
  ] as const)('throws an ApiError, in one request, for $name', async ({ options, id, more, status, text }) => {
    const { client, sent } = replicateClient(options);
    const error: ApiError = await client.run(id, { input: input('errors', more) }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'ApiError', message: expect.stringContaining(text) });
    expect(error.response.status).toBe(status);
    expect(error.message).not.toContain('fg_');
    expect(sent).toHaveLength(1);
  });
});

describe('webhooks', () => {
  const url = 'https://hooks.example.com/replicate?customer=1';
  afterEach(() => vi.restoreAllMocks());

  interface Received {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
    readonly body: string;
  }

  /** What goes out to the URL, as the receiver gets it. */
  function receiver() {
    const received: Received[] = [];
    const other = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (resource, init) => {
      const request = new Request(resource, init);
      if (!request.url.startsWith('https://hooks.example.com/')) return await other(request);
      const { method, url: to, headers } = request;
      received.push({ method, url: to, headers: new Headers(headers), body: await request.text() });
      return new Response('ok');
    });
    return received;
  }

  async function delivered(received: readonly Received[], count: number): Promise<Received[]> {
    await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), { timeout: 5_000, interval: 20 });
    return [...received];
  }

  async function deliveredOne(received: readonly Received[]): Promise<Received> {
    const [first] = await delivered(received, 1);
    if (first === undefined) throw new Error('Nothing was received.');
    return first;
  }

  it('are signed so that the client accepts them, and none that was changed', async () => {
    const received = receiver();
    const { client } = replicateClient();
    const { key } = await client.webhooks.default.secret.get();
    const prediction = await client.predictions.create({ model, input: input('webhook'), webhook: url });
    const { method, url: to, headers, body } = await deliveredOne(received);
    expect([method, to]).toEqual(['POST', url]);
    expect(JSON.parse(body)).toMatchObject({ id: prediction.id, status: 'succeeded', output: expect.any(String) });
    const isValid = (text: string, secret: string) =>
      validateWebhook(new Request(url, { method, headers, body: text }), secret);
    expect(await isValid(body, key)).toBe(true);
    expect(await isValid(body, `${key.slice(0, -4)}AAAA`)).toBe(false);
    expect(await isValid(body.replace('succeeded', 'failed'), key)).toBe(false);
  });

  it.each([
    { events: undefined, ends: 1, starts: 0 },
    { events: ['start', 'completed'] as const, ends: 1, starts: 1 },
    { events: ['output', 'completed'] as const, ends: 1, starts: 0 },
    { events: ['start'] as const, ends: 0, starts: 1 },
    { events: ['logs'] as const, ends: 0, starts: 0 },
  ])('tell $starts starts and $ends ends for the events $events', async ({ events, ends, starts }) => {
    const received = receiver();
    const { client } = replicateClient();
    const filter = events === undefined ? {} : { webhook_events_filter: [...events] };
    const asked = { model, webhook: url, wait: true };
    const { id } = await client.predictions.create({ ...asked, ...filter, input: input(`events ${events}`) });
    // A later one that is told for certain: what was to be told of the first is there by then.
    const later = await client.predictions.create({ ...asked, input: input(`later than ${events}`) });
    const told = (await delivered(received, starts + ends + 1)).map(({ body }): Prediction => JSON.parse(body));
    expect(told.filter((prediction) => prediction.id === later.id)).toHaveLength(1);
    const statuses = told.filter((prediction) => prediction.id === id).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'succeeded')).toHaveLength(ends);
    expect(statuses.filter((status) => status === 'starting' || status === 'processing')).toHaveLength(starts);
  });

  it("are told at the old Python client's URL when the prediction has ended", async () => {
    const received = receiver();
    const path = `/replicate/v1/models/${model}/predictions`;
    const response = await call(path, { json: { input: input('old'), webhook_completed: url, stream: true } });
    const { id } = await response.json<Prediction>();
    expect(JSON.parse((await deliveredOne(received)).body)).toMatchObject({ id, status: 'succeeded' });
  });

  it('tell a failure too, with absolute URLs, and hold no key', async () => {
    const received = receiver();
    const { client } = replicateClient();
    await client.predictions.create({ model, input: input('webhook sandbox:error', { token: 'hf_1' }), webhook: url });
    const { headers, body } = await deliveredOne(received);
    expect(JSON.parse(body)).toMatchObject({ status: 'failed', error: expect.any(String), output: null });
    expect(new URL(JSON.parse(body).urls.web).pathname).toMatch(/^\/replicate\/p\//);
    expect(body + JSON.stringify([...headers])).not.toMatch(new RegExp(`hf_1|${env.DEV_API_KEY}`));
  });
});
