import { ApiError, createFalClient, type QueueStatus, ValidationError } from '@fal-ai/client';
import { describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';
import { isSignedByFal } from '../support/fal-signature.ts';
import { pictureAt, pictureOfBase64 } from '../support/fetched-picture.ts';
import { firstLetter, openInbox } from '../support/inbox.ts';
import { notedFetch } from '../support/noted-fetch.ts';
import { recipeOf } from '../support/uploads.ts';

const model = 'fal-ai/flux-2-flex';
const edit = 'fal-ai/flux-2-flex/edit';
const pollInterval = 30;
const small = { image_size: { width: 64, height: 64 }, num_inference_steps: 4, output_format: 'png' } as const;
const input = (prompt: string, more: object = {}) => ({ ...small, prompt: `fal: ${prompt}`, ...more });

/** What fal's hosts are here: the one thing that its client must be told. */
const paths: Readonly<Record<string, string>> = {
  'queue.fal.run': '/fal',
  'fal.run': '/fal/run',
  'rest.fal.ai': '/fal/rest',
};
async function requestMiddleware<Sent extends { url: string }>(sent: Sent): Promise<Sent> {
  const { host, pathname, search } = new URL(sent.url);
  return { ...sent, url: inject('origin') + (paths[host] ?? '/elsewhere') + pathname + search };
}

function clientWith(credentials = inject('key')) {
  const { fetch, sent } = notedFetch();
  return { client: createFalClient({ credentials, fetch, requestMiddleware }), sent };
}
const { client: fal } = clientWith();

describe('run', () => {
  it('answers the picture, which the queue knows too', async () => {
    const { data, requestId } = await fal.run(model, { input: input('run', { seed: 4 }) });
    expect(data).toMatchObject({ seed: 4, images: [{ width: 64, height: 64, content_type: 'image/png' }] });
    expect(await pictureAt(data.images[0]?.url)).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(await fal.queue.result(model, { requestId })).toEqual({ data, requestId });
  });

  it('answers a data URI in sync_mode', async () => {
    const { data } = await fal.run(model, { input: input('sync_mode', { sync_mode: true }) });
    expect(pictureOfBase64(data.images[0]?.url)).toMatchObject({ format: 'png', width: 64 });
  });
});

describe('subscribe', () => {
  it.each(['polling', 'streaming'] as const)('follows a request by %s to its result', async (mode) => {
    const updates: QueueStatus[] = [];
    const { data, requestId } = await fal.subscribe(model, {
      ...{ input: input(mode), logs: true, mode },
      ...(mode === 'polling' ? { pollInterval } : {}),
      onQueueUpdate: (update) => {
        updates.push(structuredClone(update));
      },
    });
    const last = updates.at(-1);
    expect(last).toMatchObject({ status: 'COMPLETED', request_id: requestId, logs: expect.any(Array) });
    expect(updates.length).toBeGreaterThan(1);
    expect(await pictureAt(data.images[0]?.url)).toMatchObject({ width: 64, height: 64 });
  });

  it('rejects with the error of a request that failed', async () => {
    const subscribed = fal.subscribe(model, { input: input('sandbox:refused'), pollInterval });
    await expect(subscribed).rejects.toMatchObject({
      ...{ name: 'ApiError', status: 500 },
      body: { error_type: 'runner_scheduling_failure' },
    });
  });
});

describe('the queue', () => {
  it('takes a request, tells its status, streams it, and gives its result', async () => {
    const { request_id: requestId, status } = await fal.queue.submit(model, { input: input('queue') });
    expect(status).toBe('IN_QUEUE');
    expect((await fal.queue.status(model, { requestId, logs: true })).status).toMatch(/^IN_/);
    const stream = await fal.queue.streamStatus(model, { requestId, logs: true });
    expect(await stream.done()).toMatchObject({ status: 'COMPLETED', request_id: requestId });
    expect(await fal.queue.status(model, { requestId })).toMatchObject({ status: 'COMPLETED' });
    const result = await fal.queue.result(model, { requestId });
    expect(result.requestId).toBe(requestId);
    expect(await pictureAt(result.data.images[0]?.url)).toMatchObject({ width: 64 });
  });

  it('cancels a request, and says when it is too late', async () => {
    const { request_id: requestId } = await fal.queue.submit(model, { input: input('cancel sandbox:slow') });
    await fal.queue.cancel(model, { requestId });
    await fal.queue.subscribeToStatus(model, { requestId, pollInterval });
    await expect(fal.queue.result(model, { requestId })).rejects.toMatchObject({ status: 499 });
    const done = await fal.run(model, { input: input('done') });
    const late = fal.queue.cancel(model, { requestId: done.requestId });
    await expect(late).rejects.toMatchObject({ status: 400, body: { status: 'ALREADY_COMPLETED' } });
  });
});

describe('webhooks', () => {
  it('arrive signed with the key that is published', async () => {
    const inbox = openInbox();
    const asked = { input: input('webhook', { seed: 1 }), webhookUrl: inbox.url };
    const { request_id: requestId } = await fal.queue.submit(model, asked);
    const letter = await firstLetter(inbox);
    const published = await fetch(`${inject('origin')}/fal/rest/.well-known/jwks.json`);
    const { keys } = JSON.parse(await published.text());
    expect(isSignedByFal(letter, keys)).toBe(true);
    expect(isSignedByFal({ ...letter, body: letter.body.replace('OK', 'KO') }, keys)).toBe(false);
    const { data } = await fal.queue.result(model, { requestId });
    expect(new URL(letter.path, inbox.url).href).toBe(inbox.url);
    expect(JSON.parse(letter.body)).toMatchObject({ request_id: requestId, status: 'OK', payload: data });
  });

  it('tell a failure', async () => {
    const inbox = openInbox();
    await fal.queue.submit(model, { input: input('webhook sandbox:error'), webhookUrl: inbox.url });
    expect(JSON.parse((await firstLetter(inbox)).body)).toMatchObject({ status: 'ERROR', error: expect.any(String) });
  });
});

describe('references', () => {
  const jpeg = () => new Blob([pictureBytes('jpeg')], { type: 'image/jpeg' });

  it('are uploaded, and are the same picture where the client uploads them itself', async () => {
    const url = await fal.storage.upload(jpeg());
    expect((await pictureAt(url)).format).toBe('jpeg');
    const asked = input('edit', { seed: 6 });
    const byUrl = await fal.subscribe(edit, { input: { ...asked, image_urls: [url] }, pollInterval });
    expect(await recipeOf(byUrl.data.images[0]?.url ?? '')).toMatchObject({ references: [expect.anything()] });
    // The client finds files in the input by itself; its types know of URLs alone.
    const byFile = await fal.run(edit, { input: { ...asked, image_urls: [jpeg()] as unknown as string[] } });
    expect(byFile.data).toEqual(byUrl.data);
  });

  it('that are no picture are refused', async () => {
    const upload = fal.storage.upload(new Blob(['text'], { type: 'text/plain' }));
    await expect(upload).rejects.toThrow(ValidationError);
  });
});

describe('errors', () => {
  it('of the input are a ValidationError with the fields at fault', async () => {
    for (const ask of [fal.run, fal.queue.submit]) {
      const asked = ask(model, { input: input('wrong', { num_inference_steps: 99, guidance_scale: 0 }) });
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      if (!(error instanceof ValidationError)) throw error;
      expect(error.fieldErrors.map(({ loc }) => loc)).toEqual([
        ['body', 'guidance_scale'],
        ['body', 'num_inference_steps'],
      ]);
    }
  });

  it('of moderation are a ValidationError of their own type', async () => {
    const asked = fal.run(model, { input: input('sandbox:moderated-request') });
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    if (!(error instanceof ValidationError)) throw error;
    expect(error.getFieldErrors('prompt')[0]?.type).toBe('content_policy_violation');
  });

  it.each([
    { name: 'a wrong key', credentials: 'fg_wrong', id: model, status: 401 },
    { name: 'another model', credentials: undefined, id: 'fal-ai/flux/dev', status: 404 },
  ])('of $name are an ApiError, thrown at once', async ({ credentials, id, status }) => {
    const { client, sent } = clientWith(credentials);
    const error: unknown = await client.run(id, { input: input('errors') }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ name: 'ApiError', status });
    expect(sent).toHaveLength(1);
  });

  it('of an unknown outcome are not tried again, which could buy a second picture', async () => {
    const { client, sent } = clientWith();
    const asked = client.run(model, { input: input('sandbox:unknown') });
    await expect(asked).rejects.toMatchObject({ status: 500, body: { error_type: 'runner_disconnected' } });
    expect(sent).toHaveLength(1);
  });
});
