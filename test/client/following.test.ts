import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client';
import { FluxgateError } from '../../src/client/fluxgate-error';
import type { TaskState } from '../../src/client/task-state';
import {
  accepted,
  events,
  lostConnection,
  refusal,
  type Step,
  scriptedFetch,
  wireTask,
} from '../support/scripted-fetch';

function clientOf(...steps: readonly Step[]) {
  const { fetch, sent } = scriptedFetch(...steps);
  return { client: createClient({ baseUrl: 'https://pictures.test', fetch }), sent };
}
const pathsOf = (sent: readonly { readonly method: string; readonly path: string }[]) =>
  sent.map(({ method, path }) => `${method} ${path}`);

/** An answer that never comes, until the caller goes. */
const silence: Step = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

describe('a task that is followed', () => {
  it('tells its progress, and ends with the picture', async () => {
    const stream = events(
      ['0', wireTask('queued')],
      ['1500', wireTask('rendering', 0.5)],
      ['2000', wireTask('ready', 1)],
    );
    const { client, sent } = clientOf(accepted(), stream);
    const told: TaskState[] = [];
    const picture = await client.generate('A fox', { onProgress: (task) => told.push(task) });
    expect(told.map(({ status, progress }) => [status, progress])).toEqual([
      ['queued', 0],
      ['rendering', 0.5],
      ['ready', 1],
    ]);
    expect(picture).toMatchObject({
      ...{ width: 64, height: 32, contentType: 'image/png', task: 'task-1', source: 'bought', sandbox: false },
      cost: { quotedMicros: 50_000, actualMicros: 40_000 },
    });
    expect(pathsOf(sent)).toEqual(['POST /v1/flux-2-flex', 'GET /v1/tasks/task-1/events']);
  });

  it('is taken up where its stream broke off', async () => {
    const { client, sent } = clientOf(
      accepted(),
      events(['1300', wireTask('rendering', 0.3)]),
      events(['2000', wireTask('ready')]),
    );
    expect(await client.generate('A fox')).toMatchObject({ seed: 7 });
    expect(sent[1]?.headers.get('last-event-id')).toBeNull();
    expect(sent[2]?.headers.get('last-event-id')).toBe('1300');
  });

  it('is asked for its state where no stream comes through', async () => {
    const empty = () => new Response('', { headers: { 'content-type': 'text/event-stream' } });
    const { client, sent } = clientOf(
      ...[accepted(), empty(), empty()],
      ...[Response.json(wireTask('rendering', 0.2)), Response.json(wireTask('ready', 1))],
    );
    expect(await client.generate('A fox')).toMatchObject({ seed: 7 });
    expect(pathsOf(sent).slice(-2)).toEqual(['GET /v1/tasks/task-1', 'GET /v1/tasks/task-1']);
  });

  it('outlives a connection that is lost for a moment', async () => {
    const { client } = clientOf(accepted(), lostConnection(), events(['2000', wireTask('ready')]));
    expect(await client.generate('A fox')).toMatchObject({ seed: 7 });
  });

  it('says why there is no picture', async () => {
    const { client, sent } = clientOf(accepted(), events(['2000', wireTask('failed')]));
    const failure = await client.generate('A fox').catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(FluxgateError);
    expect(failure).toMatchObject({ code: 'provider_failed', taskId: 'task-1', isRetryable: true });
    expect(sent).toHaveLength(2);
  });

  it('ends when the service does not know it', async () => {
    const { client, sent } = clientOf(accepted(), refusal(404, 'task_not_found'));
    await expect(client.generate('A fox')).rejects.toMatchObject({ code: 'task_not_found', status: 404 });
    expect(sent).toHaveLength(2);
  });
});

describe('a caller who does not wait', () => {
  it('stops at once, and the picture is made all the same', async () => {
    const stop = new AbortController();
    const { client, sent } = clientOf(accepted(), silence);
    const call = client.generate('A fox', { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(pathsOf(sent)).not.toContain('DELETE /v1/tasks/task-1');
  });

  it('cancels the task where that is wanted', async () => {
    const stop = new AbortController();
    const { client, sent } = clientOf(accepted(), silence, Response.json(wireTask('cancelled')));
    const call = client.generate('A fox', { signal: stop.signal, cancelOnAbort: true });
    setTimeout(() => stop.abort(), 20);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(pathsOf(sent).at(-1)).toBe('DELETE /v1/tasks/task-1');
  });

  it('learns after the time it set which task goes on', async () => {
    const { client } = clientOf(accepted(), silence);
    const call = client.generate('A fox', { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({ code: 'wait_exceeded', taskId: 'task-1', isRetryable: true });
  });

  it('sends nothing when it had gone before', async () => {
    const { client, sent } = clientOf(accepted());
    await expect(client.generate('A fox', { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(sent).toHaveLength(0);
  });
});
