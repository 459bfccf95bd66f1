import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { purchasesOf } from '../support/accounts';
import { readEvents } from '../support/event-stream';
import {
  callFal,
  ended,
  type FalError,
  fingerprintOf,
  follow,
  imageIn,
  type Log,
  made,
  model,
  okay,
  type Result,
  resultOf,
  run,
  type Status,
  submit,
  submitted,
} from '../support/fal-caller';
import { bytesAt, origin } from '../support/front-door';

const messages = (logs: readonly Log[] | undefined) => (logs ?? []).map(({ message }) => message);
const story = ['Request accepted.', 'Rendering started.', 'Picture finished: 64x64 image/png.'];

describe('submitting', () => {
  it('answers where the request is followed, on the origin that the caller used', async () => {
    for (const isEdit of [false, true]) {
      const image_urls = [pictureBytes('png').toBase64()];
      const headers = { 'x-forwarded-host': 'evil.example', host: 'evil.example' };
      const response = await submit({ prompt: 'fal: links', image_urls }, { isEdit, headers });
      const accepted = await response.json<{ request_id: string }>();
      const url = `${origin}/fal/${model}/requests/${accepted.request_id}`;
      expect(accepted).toEqual({
        status: 'IN_QUEUE',
        queue_position: 0,
        request_id: expect.stringMatching(/^[\w-]{1,128}$/),
        response_url: url,
        status_url: `${url}/status`,
        cancel_url: `${url}/cancel`,
      });
      expect(response.headers.get('x-fal-request-id')).toBe(accepted.request_id);
    }
  });
});

describe('the status', () => {
  it('goes from the queue to the end, and has the same links and no more', async () => {
    const links = await submitted({ prompt: 'fal: status', num_inference_steps: 50 });
    const first = await follow(links.status_url);
    expect(first.status).toBe(202);
    const { request_id, response_url, status_url, cancel_url } = links;
    const early = await first.json<Status>();
    expect(early).toMatchObject({ request_id, response_url, status_url, cancel_url });
    expect(['IN_QUEUE', 'IN_PROGRESS']).toContain(early.status);
    await ended(links);
    const last = await follow(links.status_url);
    expect(last.status).toBe(200);
    expect(last.headers.get('x-fal-request-id')).toBe(request_id);
    expect(last.headers.get('cache-control')).toBe('private, no-store');
    expect(await last.json()).toEqual({
      status: 'COMPLETED',
      logs: [],
      metrics: { inference_time: expect.any(Number) },
      request_id,
      response_url,
      status_url,
      cancel_url,
    });
  });

  it.each(['?logs=1', '?logs=true', '?logs=True'])('tells what happened where logs are wanted: %s', async (query) => {
    const before = Date.now();
    const { logs = [] } = await ended(await submitted({ prompt: 'fal: logs' }), query);
    expect(messages(logs)).toEqual(story);
    for (const { level, source, timestamp } of logs) {
      expect([level, source]).toEqual(['INFO', 'USER']);
      expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before - 1);
    }
    expect(logs.map(({ timestamp }) => timestamp).toSorted()).toEqual(logs.map(({ timestamp }) => timestamp));
  });

  it('has an error in its logs where it failed', async () => {
    const { logs, error } = await ended(await submitted({ prompt: 'fal: logs sandbox:error' }), '?logs=1');
    expect(logs?.at(-1)).toMatchObject({ level: 'ERROR', message: error });
  });

  it('is found at the path of the edit too', async () => {
    const { request_id } = await submitted({ prompt: 'fal: edit path' });
    const path = `/fal/${model}/edit/requests/${request_id}`;
    await ended({ status_url: `${origin}${path}/status` });
    expect(imageIn(await okay<Result>(await callFal(path))).url).toContain(origin);
    expect((await callFal(`${path}/cancel`, { method: 'PUT' })).status).toBe(400);
  });

  it('of a picture that is stored is complete at once', async () => {
    const input = { prompt: 'fal: stored', seed: 8 };
    const result = await made(input);
    const response = await submit(input);
    expect(response.headers.get('x-fluxgate-source')).toBe('hit');
    const links = await response.json<Status>();
    expect(links.status).toBe('IN_QUEUE');
    const status = await follow(links.status_url);
    expect(status.status).toBe(200);
    expect(await status.json()).toMatchObject({ status: 'COMPLETED' });
    expect(await okay(await follow(links.response_url))).toEqual(result);
  });
});

describe('the stream of the status', () => {
  it('tells each change until the end, with only the logs that are new', async () => {
    const links = await submitted({ prompt: 'fal: stream', num_inference_steps: 50 });
    const response = await follow(`${links.status_url}/stream?logs=1`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-fal-request-id')).toBe(links.request_id);
    const told: Status[] = [];
    for await (const { data } of readEvents<Status>(response)) told.push(data);
    const statuses = told.map(({ status }) => status);
    expect(statuses.at(-1)).toBe('COMPLETED');
    expect(statuses.filter((status) => status === 'COMPLETED')).toHaveLength(1);
    expect(statuses).toContain('IN_PROGRESS');
    expect(told.flatMap(({ logs }) => messages(logs))).toEqual(story);
    expect(told.every(({ request_id }) => request_id === links.request_id)).toBe(true);
  });

  it('of a request that has ended tells that, and has no more for who comes back', async () => {
    const links = await submitted({ prompt: 'fal: stream after' });
    await ended(links);
    const events = [];
    for await (const event of readEvents<Status>(await follow(`${links.status_url}/stream`))) events.push(event);
    expect(events).toMatchObject([{ data: { status: 'COMPLETED', logs: [] } }]);
    const headers = { 'last-event-id': events[0]?.id ?? '' };
    expect((await follow(`${links.status_url}/stream`, { headers })).status).toBe(204);
  });
});

describe('the result', () => {
  it('is refused while the request is under way', async () => {
    const links = await submitted({ prompt: 'fal: early sandbox:never' });
    const response = await follow(links.response_url);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-fal-request-id')).toBe(links.request_id);
    expect(await response.json<FalError>()).toEqual({
      detail: 'Request is still in progress',
      message: 'Request is still in progress',
    });
    await follow(links.cancel_url, { method: 'PUT' });
  });

  it('in sync_mode is the picture itself, whether it waited or not, made or stored', async () => {
    const input = { prompt: 'fal: sync', seed: 2 };
    const { url } = imageIn(await made(input));
    const bytes = await bytesAt(url);
    const waited = await run({ ...input, sync_mode: true });
    const queued = await submit({ ...input, sync_mode: true });
    const drawn = await submit({ prompt: 'fal: sync drawn', sync_mode: true });
    for (const response of [waited, await resultOf(await queued.json())]) {
      const image = imageIn(await okay<Result>(response));
      expect(image).toMatchObject({ content_type: 'image/png', width: 64, height: 64 });
      expect(bytesIn(image.url, 'image/png')).toEqual(bytes);
    }
    const fingerprint = fingerprintOf(drawn);
    const image = imageIn(await okay<Result>(await resultOf(await drawn.json())));
    expect(bytesIn(image.url, 'image/png')).toEqual(await bytesAt(`${origin}/images/${fingerprint}.png`));
  });

  it('in sync_mode has the format and the size that were asked for', async () => {
    const input = { prompt: 'fal: sync jpeg', image_size: { width: 100, height: 70 }, output_format: 'jpeg' };
    const queued = await submitted({ ...input, sync_mode: true, seed: 1 });
    const inline = imageIn(await okay<Result>(await resultOf(queued)));
    const { url } = imageIn(await made({ ...input, seed: 1 }));
    expect(bytesIn(inline.url, 'image/jpeg')).toEqual(await bytesAt(url));
  });
});

describe('cancelling', () => {
  it('stops a request that is under way, and its result says so', async () => {
    const response = await submit({ prompt: 'fal: cancel sandbox:slow', seed: 1 });
    const links = await response.json<Status>();
    const headers = { 'content-type': 'application/json' };
    const cancelled = await follow(links.cancel_url, { method: 'PUT', headers });
    expect(cancelled.status).toBe(202);
    expect(await cancelled.json()).toEqual({ status: 'CANCELLATION_REQUESTED' });
    expect(await ended(links)).toMatchObject({ status: 'COMPLETED', error_type: 'client_cancelled' });
    const result = await follow(links.response_url);
    expect(result.status).toBe(499);
    expect(await result.json()).toMatchObject({ detail: expect.any(String), error_type: 'client_cancelled' });
    expect(await purchasesOf(fingerprintOf(response))).toEqual([]);
  });

  it.each(['fal: too late', 'fal: too late sandbox:error'])('comes too late for %s', async (prompt) => {
    const links = await submitted({ prompt });
    await ended(links);
    const response = await follow(links.cancel_url, { method: 'PUT' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      status: 'ALREADY_COMPLETED',
      detail: expect.any(String),
      message: expect.any(String),
    });
  });
});

function bytesIn(url: string, contentType: string): Uint8Array {
  const prefix = `data:${contentType};base64,`;
  expect(url.startsWith(prefix)).toBe(true);
  return Uint8Array.fromBase64(url.slice(prefix.length));
}
