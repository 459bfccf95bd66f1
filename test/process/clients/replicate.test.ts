import Replicate, { type Prediction, parseProgressFromLogs, validateWebhook } from 'replicate';
import { describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';
import { pictureAt } from '../support/fetched-picture.ts';
import { firstLetter, openInbox } from '../support/inbox.ts';
import { notedFetch } from '../support/noted-fetch.ts';
import { recipeOf } from '../support/uploads.ts';

const model = 'black-forest-labs/flux-2-flex';
const small = { aspect_ratio: 'custom', width: 256, height: 256, steps: 4, output_format: 'png' };
const input = (prompt: string, more: object = {}) => ({ ...small, prompt: `replicate: ${prompt}`, ...more });

function clientWith(settings: ConstructorParameters<typeof Replicate>[0] = {}) {
  const { fetch, sent } = notedFetch();
  const baseUrl = `${inject('origin')}/replicate/v1`;
  return { client: new Replicate({ auth: inject('key'), baseUrl, fetch, ...settings }), sent };
}
const { client } = clientWith();

describe('run', () => {
  it('waits for the picture in one request', async () => {
    const { client: own, sent } = clientWith();
    const output = await own.run(model, { input: input('run') });
    expect(await pictureAt(String(output))).toMatchObject({ format: 'png', width: 256, height: 256 });
    expect(sent).toEqual([`POST /replicate/v1/models/${model}/predictions`]);
  });

  it('polls where it is told to, and tells its progress', async () => {
    const { client: own, sent } = clientWith();
    const seen: Prediction[] = [];
    const options = { input: input('poll'), wait: { mode: 'poll', interval: 40 } } as const;
    const output = await own.run(model, options, (prediction) => seen.push(prediction));
    expect(await pictureAt(String(output))).toMatchObject({ width: 256 });
    expect([seen[0]?.status, seen.at(-1)?.status]).toEqual(['starting', 'succeeded']);
    expect(parseProgressFromLogs(seen.at(-1)?.logs ?? '')).toMatchObject({ percentage: 1 });
    expect(sent.filter((line) => line.startsWith('GET /replicate/v1/predictions/')).length).toBeGreaterThan(1);
  });

  it('goes on polling when the wait ran out', async () => {
    const seen: string[] = [];
    const running = client.run(
      model,
      { input: input('wait sandbox:never'), wait: { mode: 'block', timeout: 1, interval: 30 } },
      ({ id, status }) => {
        seen.push(status);
        if (seen.length === 2) void client.predictions.cancel(id);
      },
    );
    await expect(running).resolves.toBeNull();
    expect(seen.slice(0, 2)).toEqual(['starting', 'processing']);
    expect(seen.at(-1)).toBe('canceled');
  });

  it('throws what a failed prediction says', async () => {
    const running = client.run(model, { input: input('sandbox:moderated-output') });
    await expect(running).rejects.toThrow(/^Prediction failed: .+\(E005\)$/);
  });
});

describe('predictions', () => {
  it('are created, waited for, listed and read', async () => {
    const created = await client.predictions.create({ model, input: input('create', { seed: 4 }) });
    expect(created).toMatchObject({ status: 'starting', model });
    const done = await client.wait(created, { interval: 30 });
    expect(done).toMatchObject({ id: created.id, status: 'succeeded', input: { seed: 4, steps: 4 } });
    expect(await client.predictions.get(created.id)).toEqual(done);
    const blocking = await client.predictions.create({ model, input: input('create', { seed: 4 }), wait: 20 });
    expect(blocking).toMatchObject({ status: 'succeeded', output: done.output });
    const pages = await Array.fromAsync(client.paginate(client.predictions.list));
    expect(pages.flat().map(({ id }) => id)).toContain(created.id);
  });

  it('are cancelled', async () => {
    const { id } = await client.predictions.create({ model, input: input('cancel sandbox:slow') });
    expect(await client.predictions.cancel(id)).toMatchObject({ id, status: 'canceled' });
    expect(await client.predictions.get(id)).toMatchObject({ status: 'canceled', output: null });
  });

  it('are streamed', async () => {
    const events = await Array.fromAsync(client.stream(model, { input: input('stream') }));
    expect(events.at(-1)).toMatchObject({ event: 'done', data: '{}' });
    const output = events.find(({ event }) => event === 'output');
    expect(await pictureAt(output?.data)).toMatchObject({ width: 256 });
  });
});

describe('files', () => {
  const jpeg = () => new Blob([pictureBytes('jpeg')], { type: 'image/jpeg' });

  it('are uploaded, read, and named as an input', async () => {
    const file = await client.files.create(jpeg(), { customer: 1 });
    expect(await client.files.get(file.id)).toEqual(file);
    expect((await pictureAt(file.urls.get)).format).toBe('jpeg');
    const output = await client.run(model, { input: input('by url', { input_images: [file.urls.get], seed: 2 }) });
    expect(await recipeOf(String(output))).toMatchObject({ references: [expect.anything()] });
  });

  it('are uploaded by the client where they are an input themselves', async () => {
    const { client: own, sent } = clientWith();
    const output = await own.run(model, { input: input('by blob', { input_images: [jpeg()] }) });
    expect(await recipeOf(String(output))).toMatchObject({ references: [expect.anything()] });
    expect(sent.map((line) => line.split('/').at(-1))).toEqual(['files', 'predictions']);
  });
});

describe('webhooks', () => {
  it('arrive at the start and at the end, and pass the client’s own check', async () => {
    const inbox = openInbox();
    const { key: secret } = await client.webhooks.default.secret.get();
    const { id } = await client.predictions.create({
      ...{ model, input: input('webhook'), webhook: inbox.url },
      webhook_events_filter: ['start', 'completed'],
    });
    const letters = await inbox.letters(2);
    const statuses = letters.map(({ body }) => (JSON.parse(body) as Prediction).status);
    expect(statuses.toSorted()).toEqual([expect.stringMatching(/^(starting|processing)$/), 'succeeded'].toSorted());
    for (const { method, path, headers, body } of letters) {
      expect([method, new URL(path, inbox.url).href, JSON.parse(body).id]).toEqual(['POST', inbox.url, id]);
      const check = (text: string, by = secret) =>
        validateWebhook(new Request(inbox.url, { method, headers: signatureOf(headers), body: text }), by);
      expect(await check(body)).toBe(true);
      expect(await check(body.replace(id, 'another'))).toBe(false);
      expect(await check(body, `${secret.slice(0, -4)}AAAA`)).toBe(false);
    }
    const { urls, output } = JSON.parse(letters.find(({ body }) => body.includes('"succeeded"'))?.body ?? '');
    expect(urls.get).toBe(`${inject('origin')}/replicate/v1/predictions/${id}`);
    expect(await pictureAt(output)).toMatchObject({ width: 256 });
  });

  it('tell a failure', async () => {
    const inbox = openInbox();
    await client.predictions.create({ model, input: input('webhook sandbox:error'), webhook: inbox.url });
    expect(JSON.parse((await firstLetter(inbox)).body)).toMatchObject({ status: 'failed', error: expect.any(String) });
  });

  it('to a private address are refused', async () => {
    const webhook = 'http://127.0.0.1:9/';
    const asked = client.predictions.create({ model, input: input('webhook private'), webhook });
    await expect(asked).rejects.toThrow(/webhook/);
  });

  function signatureOf(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('webhook-')));
  }
});

it('reads the model, its versions and the account', async () => {
  const object = await client.models.get('black-forest-labs', 'flux-2-flex');
  const { id = '' } = object.latest_version ?? {};
  const version = await client.models.versions.get('black-forest-labs', 'flux-2-flex', id);
  expect(version).toEqual(object.latest_version);
  expect(await client.accounts.current()).toMatchObject({ username: 'fluxgate' });
});

it.each([
  { name: 'a wrong key', settings: { auth: 'fg_wrong' }, id: model, more: {}, status: 401, text: 'Unauthenticated' },
  { name: 'another model', settings: {}, id: 'stability-ai/sdxl', more: {}, status: 404, text: 'flux-2-flex' },
  { name: 'a wrong input', settings: {}, id: model, more: { steps: 99 }, status: 422, text: '- input.steps' },
] as const)('throws an ApiError, in one request, for $name', async ({ settings, id, more, status, text }) => {
  const { client: own, sent } = clientWith(settings);
  const error: unknown = await own.run(id, { input: input('errors', more) }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ApiError', message: expect.stringContaining(text), response: { status } });
  expect(String(error)).not.toContain(inject('key'));
  expect(sent).toHaveLength(1);
});
