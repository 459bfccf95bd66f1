import { env } from 'cloudflare:workers';
import { ApiError, createFalClient, fal, type QueueStatus, type RequestLog, ValidationError } from '@fal-ai/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fault, type FaultCode } from '../../src/core/fault';
import { fal as dialect } from '../../src/dialects/fal';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { smallPicture } from '../support/fal-caller';
import { catchWebhooks, firstOf, isGenuine, keySet } from '../support/fal-webhooks';
import { bytesAt, enter, origin } from '../support/front-door';

const model = 'fal-ai/flux-2-flex';
const edit = 'fal-ai/flux-2-flex/edit';
const pollInterval = 20;

/** What fal's hosts are here. */
const hosts = { 'queue.fal.run': '/fal', 'fal.run': '/fal/run', 'rest.fal.ai': '/fal/rest' };
const requestMiddleware = async <Sent extends { url: string }>(sent: Sent): Promise<Sent> => {
  const { host, pathname, search } = new URL(sent.url);
  return { ...sent, url: origin + (Reflect.get(hosts, host) ?? '/elsewhere') + pathname + search };
};
const sent: string[] = [];
const fetchHere: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  sent.push(`${request.method} ${new URL(request.url).pathname}`);
  return await enter(request);
};
const wiring = { fetch: fetchHere, requestMiddleware };
fal.config({ ...wiring, credentials: env.DEV_API_KEY });

afterEach(() => {
  sent.length = 0;
  vi.restoreAllMocks();
});

const messages = (logs: readonly RequestLog[]) => logs.map(({ message }) => message);
const story = ['Request accepted.', 'Rendering started.', 'Picture finished: 64x64 image/png.'];

describe('subscribe', () => {
  it.each(['polling', 'streaming'] as const)('follows a request by %s to its result', async (mode) => {
    const updates: QueueStatus[] = [];
    const { data, requestId } = await fal.subscribe(model, {
      input: { ...smallPicture, prompt: `fal client: ${mode}` },
      logs: true,
      mode,
      ...(mode === 'polling' ? { pollInterval } : {}),
      onQueueUpdate: (update) => {
        updates.push(structuredClone(update));
      },
    });
    const last = updates.at(-1);
    if (last?.status !== 'COMPLETED') throw new Error(`The last update was ${last?.status}.`);
    expect(messages(last.logs)).toEqual(story);
    expect(last.metrics?.inference_time).toBeGreaterThanOrEqual(0);
    expect(last.request_id).toBe(requestId);
    const order = ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED'];
    const steps = updates.map(({ status }) => order.indexOf(status));
    expect(steps).toEqual(steps.toSorted());
    expect(data.images[0]).toMatchObject({ width: 64, height: 64, content_type: 'image/png' });
    expect((await bytesAt(data.images[0]?.url ?? '')).length).toBeGreaterThan(100);
    expect(data.seed).toBeGreaterThanOrEqual(0);
  });

  it('rejects with the error of a request that failed, and asks for it once', async () => {
    const { error } = await rejected(
      fal.subscribe(model, { input: { ...smallPicture, prompt: 'fal client sandbox:refused' }, pollInterval }),
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 500, body: { error_type: 'runner_scheduling_failure' } });
    expect(sent.filter((line) => /^GET .*requests\/[\w-]+$/.test(line))).toHaveLength(1);
  });

  it('cancels a request that takes longer than the client waits', async () => {
    const { error } = await rejected(
      fal.subscribe(model, {
        input: { ...smallPicture, prompt: 'fal client: waits sandbox:slow' },
        pollInterval,
        timeout: 100,
      }),
    );
    expect(String(error)).toContain('timed out');
    await vi.waitFor(() => expect(sent.at(-1)).toMatch(/^PUT .*\/cancel$/));
  });
});

describe('run', () => {
  it('answers with the picture and its request', async () => {
    const input = { ...smallPicture, prompt: 'fal client: run', seed: 4 };
    const { data, requestId } = await fal.run(model, { input, startTimeout: 30 });
    expect(data.seed).toBe(4);
    expect(await fal.queue.result(model, { requestId })).toEqual({ data, requestId });
  });

  it('gives a data URI in sync_mode', async () => {
    const input = { ...smallPicture, prompt: 'fal client: sync_mode', sync_mode: true };
    for (const result of [await fal.run(model, { input }), await fal.subscribe(model, { input, pollInterval })]) {
      const url = result.data.images[0]?.url ?? '';
      const blob = await (await fetch(url)).blob();
      expect(blob.type).toBe('image/png');
    }
  });

  it.each([
    { fault: 'outcome_unknown', status: 500 },
    { fault: 'wait_exceeded', status: 504 },
    { fault: 'provider_failed', status: 500 },
  ] as const)('is not repeated after $fault, which could buy a second picture', async ({ fault, status }) => {
    const answering = vi.fn(async () => answerOf(fault));
    const client = createFalClient({ ...wiring, credentials: 'any', fetch: answering });
    expect((await rejected(client.run(model, { input: { prompt: 'x' } }))).error).toMatchObject({ status });
    expect(answering).toHaveBeenCalledTimes(1);
  });
});

describe('the queue', () => {
  it('takes a request, tells its status, streams it, and gives its result', async () => {
    const input = { ...smallPicture, prompt: 'fal client: queue', num_inference_steps: 50 };
    const accepted = await fal.queue.submit(model, { input, priority: 'low' });
    expect(accepted).toMatchObject({ status: 'IN_QUEUE', queue_position: 0 });
    const { request_id: requestId } = accepted;
    expect((await fal.queue.status(model, { requestId, logs: true })).status).not.toBe('COMPLETED');
    const stream = await fal.queue.streamStatus(model, { requestId, logs: true });
    const statuses: QueueStatus[] = [];
    stream.on('data', (status) => {
      statuses.push(status);
    });
    expect(await stream.done()).toMatchObject({ status: 'COMPLETED', request_id: requestId });
    expect(stream.requestId).toBe(requestId);
    expect(statuses.flatMap((status) => ('logs' in status ? messages(status.logs) : []))).toEqual(story);
    expect((await fal.queue.status(model, { requestId })).status).toBe('COMPLETED');
    const result = await fal.queue.result(model, { requestId });
    expect(result.requestId).toBe(requestId);
    expect(result.data.images).toHaveLength(1);
  });

  it('cancels a request, and says when it is too late', async () => {
    const prompt = 'fal client: cancel sandbox:slow';
    const { request_id: requestId } = await fal.queue.submit(model, { input: { ...smallPicture, prompt } });
    await fal.queue.cancel(model, { requestId });
    await fal.queue.subscribeToStatus(model, { requestId, pollInterval });
    const { error } = await rejected(fal.queue.result(model, { requestId }));
    expect(error).toMatchObject({ name: 'ApiError', status: 499, requestId });
    const done = await fal.run(model, { input: { ...smallPicture, prompt: 'fal client: done' } });
    const late = await rejected(fal.queue.cancel(model, { requestId: done.requestId }));
    expect(late.error).toMatchObject({ status: 400, body: { status: 'ALREADY_COMPLETED' } });
  });

  it('tells a webhook that is verified as fal documents it', async () => {
    const arrived = catchWebhooks('hooks.example.com');
    const { request_id: requestId } = await fal.queue.submit(edit, {
      input: { ...smallPicture, prompt: 'fal client: webhook', image_urls: [pictureBytes('png').toBase64()] },
      webhookUrl: 'https://hooks.example.com/?a=1&b=2',
    });
    const webhook = await firstOf(arrived);
    expect(webhook.url).toBe('https://hooks.example.com/?a=1&b=2');
    expect(await isGenuine(webhook, await keySet())).toBe(true);
    const { data } = await fal.queue.result(edit, { requestId });
    expect(JSON.parse(new TextDecoder().decode(webhook.body))).toMatchObject({
      request_id: requestId,
      status: 'OK',
      payload: data,
    });
  });
});

describe('storage', () => {
  const file = () => new Blob([pictureBytes('jpeg')], { type: 'image/jpeg' });

  it('uploads a file whose URL is a reference, as is a file in the input itself', async () => {
    const url = await fal.storage.upload(file());
    expect(new URL(url).origin).toBe(origin);
    expect(await bytesAt(url)).toEqual(pictureBytes('jpeg'));
    const input = { ...smallPicture, prompt: 'fal client: edit', seed: 6 };
    const byUrl = await fal.subscribe(edit, { input: { ...input, image_urls: [url] }, pollInterval });
    const files: unknown[] = [file(), new Blob([pictureBytes('png')])];
    expect(byUrl.data.images).toHaveLength(1);
    const byFile = await fal.run(edit, { input: { ...input, image_urls: files.slice(0, 1) as string[] } });
    expect(byFile.data).toEqual(byUrl.data);
    const untyped = await fal.run(edit, { input: { ...input, image_urls: files as string[] } });
    expect(untyped.data.images[0]?.url).not.toBe(byUrl.data.images[0]?.url);
  });

  it('rejects a file that is no picture', async () => {
    const { error } = await rejected(fal.storage.upload(new Blob(['text'], { type: 'text/plain' })));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ status: 422, message: expect.stringContaining('image/png') });
  });
});

describe('errors', () => {
  it('of the input are a ValidationError with the fields at fault', async () => {
    for (const ask of [fal.run, fal.queue.submit]) {
      const input = { ...smallPicture, prompt: 'fal client: wrong', num_inference_steps: 99, guidance_scale: 0 };
      const { error } = await rejected(ask(model, { input }));
      if (!(error instanceof ValidationError)) throw error;
      expect(error.fieldErrors.map(({ loc }) => loc)).toEqual([
        ['body', 'guidance_scale'],
        ['body', 'num_inference_steps'],
      ]);
      expect(error.getFieldErrors('num_inference_steps')[0]?.msg).toContain('from 2 to 50');
      expect(error.message).toContain('guidance_scale');
      expect(error.requestId).not.toBe('');
    }
  });

  it('of moderation are a ValidationError of their own type', async () => {
    const input = { ...smallPicture, prompt: 'fal client sandbox:moderated-request' };
    for (const asking of [fal.run(model, { input }), fal.subscribe(model, { input, pollInterval })]) {
      const { error } = await rejected(asking);
      if (!(error instanceof ValidationError)) throw error;
      expect(error.getFieldErrors('prompt')[0]?.type).toBe('content_policy_violation');
    }
  });

  it('of keys, of unknown requests and of unknown models are an ApiError', async () => {
    const stranger = createFalClient({ ...wiring, credentials: 'fg_unknown' });
    const input = { ...smallPicture, prompt: 'fal client: errors' };
    expect((await rejected(stranger.run(model, { input }))).error).toMatchObject({ name: 'ApiError', status: 401 });
    expect((await rejected(fal.queue.status(model, { requestId: 'nothing' }))).error).toMatchObject({ status: 404 });
    const { error } = await rejected(fal.run('fal-ai/flux/dev', { input }));
    expect(error).toMatchObject({ name: 'ApiError', status: 404, message: expect.stringContaining('nothing at') });
  });
});

/** What a promise was rejected with. */
async function rejected(promise: Promise<unknown>): Promise<{ readonly error: unknown }> {
  return await promise.then(
    () => {
      throw new Error('Nothing was wrong.');
    },
    (error: unknown) => ({ error }),
  );
}

function answerOf(code: FaultCode): Response {
  const { status, headers, body } = dialect.encodeFault(new Fault(code, 'What was wrong.'), 'x');
  return Response.json(body, { status, headers: headers ?? {} });
}
