import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { falEntry } from '../../src/providers/fal';
import { accepted, collected, followed, type SentRequest, simulatedVendor } from '../support/simulated-vendor';
import { fal } from '../vendors/fal';
import type { Failure, SimulatedReply } from '../vendors/simulator';
import { requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1920, height: 1080 });
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) => simulatedVendor(falEntry, fal, options);
const completed: SimulatedReply = { status: 200, json: { request_id: 't', status: 'COMPLETED' } };

interface Answers {
  readonly status?: SimulatedReply;
  readonly result?: SimulatedReply;
  readonly cancel?: SimulatedReply;
  /** Where it says that the request is asked about. */
  readonly statusUrl?: unknown;
  readonly baseUrl?: string;
}

/** A vendor whose request is `t` and which answers as it is told. */
function answering({ status = completed, result, cancel, statusUrl = null, baseUrl }: Answers) {
  const intercept = ({ method, url }: SentRequest): SimulatedReply | null => {
    if (method === 'HEAD') return null;
    if (method === 'POST') return { status: 200, json: { request_id: 't', status_url: statusUrl } };
    if (method === 'PUT') return cancel ?? null;
    return url.pathname.endsWith('/t') ? (result ?? null) : status;
  };
  return vendor({ intercept, ...(baseUrl === undefined ? {} : { baseUrl }) });
}

async function polled(answers: Answers, ageMs = 1_000) {
  const at = answering(answers);
  const ticket = await accepted(at, request);
  at.passTime(ageMs);
  return await at.provider.check(ticket, at.context);
}

describe('a queued request', () => {
  it('goes from pending to ready, and delivers the picture of the size that was ordered, with the key at the API alone', async () => {
    const at = vendor();
    at.shop.latencyMs = 1_200;
    const ticket = await accepted(at, request);
    expect(await at.provider.check(ticket, at.context)).toEqual({ kind: 'pending', progress: null, pollAfterMs: null });
    at.passTime(600);
    expect(await at.provider.check(ticket, at.context)).toMatchObject({ kind: 'pending' });
    const { end } = await followed(at, JSON.parse(JSON.stringify(ticket)));
    if (end.kind !== 'ready') throw new Error(`The request is ${end.kind}.`);
    expect(end.charge).toBeNull();
    const bytes = await at.provider.collect(end.output, request, at.context);
    expect(probePicture(bytes)).toMatchObject({ format: 'png', width: 1920, height: 1088, isComplete: true });
    expect(at.sent.at(-1)?.url.pathname).toContain('/files/');
    expect(JSON.stringify([...(at.sent.at(-1)?.headers ?? [])])).not.toContain(fal.key);
    expect(JSON.stringify([ticket, end])).not.toContain(fal.key);
  });

  const ends: [Failure, string, number | null][] = [
    ['moderate-request', 'moderated_request', null],
    ['moderate-output', 'moderated_output', null],
    ['fail-after', 'provider_failed', 0],
  ];
  it.each(ends)('ends without a picture, and without a bill, on %s', async (failure, code, charge) => {
    const at = vendor();
    at.shop.failWith(failure);
    const { end } = await followed(at, await accepted(at, request));
    expect(end).toMatchObject({ kind: 'failed', fault: { code }, charge });
    expect(at.shop.billMicros).toBe(0);
  });

  it('ends where the vendor finds its input wrong, which the queue takes all the same', async () => {
    const at = vendor();
    const { end } = await followed(at, await accepted(at, { ...request, guidance: 11 }));
    expect(end).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge: null });
    expect(at.shop.sales.size).toBe(0);
  });

  it.each(['poll-error', 'poll-html', 'poll-hang-up'] as const)(
    'survives %s without a second purchase',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      const { end, failedPolls } = await followed(at, await accepted(at, request));
      expect([end.kind, failedPolls, at.shop.sales.size]).toEqual(['ready', 2, 1]);
    },
  );

  it.each(['truncated-picture', 'wrong-type', 'expired-url', 'redirect-private'] as const)(
    'is collected in the end although the first downloads are %s',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      const { end } = await followed(at, await accepted(at, request));
      if (end.kind !== 'ready') throw new Error(`The request is ${end.kind}.`);
      const isWhole = (bytes: Uint8Array) => probePicture(bytes)?.isComplete === true;
      expect((await collected(at, end.output, request, isWhole)).failedDownloads).toBe(2);
      expect(at.sent.every(({ url }) => url.origin === at.origin)).toBe(true);
    },
  );

  it('stays pending while the vendor never finishes it', async () => {
    const at = vendor();
    at.shop.failWith('never-finish');
    const ticket = await accepted(at, request);
    at.passTime(840_000);
    expect(await at.provider.check(ticket, at.context)).toMatchObject({ kind: 'pending' });
  });

  const queue = 'https://queue.fal.run';
  const path = '/fal-ai/flux-2-flex/requests/t/status';
  const followedUrls: [string, unknown, string, string][] = [
    ['its URL', `${queue}/other/t/status`, queue, `${queue}/other/t/status`],
    [
      'the base URL, not another host',
      'https://evil.example/status',
      'https://p.example/f',
      `https://p.example/f${path}`,
    ],
    ['the base URL, not its http', 'http://queue.fal.run/status', queue, queue + path],
    ['the base URL, not a URL with a name', 'https://u@queue.fal.run/status', queue, queue + path],
    ['the base URL, not a URL with a password', 'https://:w@queue.fal.run/status', queue, queue + path],
    ['the base URL where there is none', null, queue, queue + path],
  ];
  it.each(followedUrls)('is asked about at %s', async (_name, statusUrl, baseUrl, expected) => {
    const at = answering({ status: { status: 202, json: { status: 'IN_QUEUE' } }, statusUrl, baseUrl });
    await at.provider.check(await accepted(at, request), at.context);
    expect(at.sent.at(-1)?.url.href).toBe(expected);
  });
});

describe('what a result says', () => {
  const url = 'https://v3.fal.media/files/x/y.png';

  it('is where the picture is', async () => {
    const result = { status: 200, json: { images: [{ url, width: null }], seed: 1 } };
    expect(await polled({ result })).toEqual({ kind: 'ready', output: { url }, charge: null });
  });

  it('is that the picture was blackened, which is not the picture', async () => {
    const result = { status: 200, json: { images: [{ url }], has_nsfw_concepts: [true] } };
    expect(await polled({ result })).toMatchObject({ kind: 'failed', fault: { code: 'moderated_output' } });
    const harmless = { status: 200, json: { images: [{ url }], has_nsfw_concepts: [false] } };
    expect(await polled({ result: harmless })).toMatchObject({ kind: 'ready' });
  });

  const typed = { detail: 'Runner gone', error_type: 'runner_disconnected' };
  const failures: [string, SimulatedReply, number | null][] = [
    [
      'a list of issues',
      { status: 422, json: { detail: [{ loc: ['body'], msg: 'm', type: 'image_too_small' }] } },
      null,
    ],
    ['a type, and a 503, which is free', { status: 503, json: typed }, 0],
    [
      'a type in its header',
      { status: 504, headers: { 'x-fal-error-type': 'request_timeout' }, json: { detail: 'm' } },
      0,
    ],
    ['a 422 in words', { status: 422, json: { detail: 'Unprocessable' } }, null],
  ];
  it.each(failures)('is the end in %s', async (_name, result, charge) => {
    expect(await polled({ result })).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge });
  });

  it('is the end too where the status told of an error already', async () => {
    const result = { status: 500, json: { detail: 'Internal Server Error' } };
    const status = { status: 200, json: { status: 'COMPLETED', error: 'Internal Server Error' } };
    expect(await polled({ status, result })).toMatchObject({ kind: 'failed', charge: 0 });
    await expect(polled({ result })).rejects.toMatchObject({ code: 'provider_failed' });
    expect(await polled({ result }, 601_000)).toMatchObject({ kind: 'failed', charge: 0 });
  });

  const noAnswers: [string, Answers][] = [
    ['a status that is an error', { status: { status: 500, json: { detail: 'Internal Server Error' } } }],
    ['a status in html', { status: { status: 200, body: '<!DOCTYPE html>' } }],
    ['a refused key', { status: { status: 401, json: { detail: 'no' } } }],
    ['a result in html', { result: { status: 502, body: '<html>nginx</html>' } }],
    ['a result of another’s', { result: { status: 500, json: { error: 'upstream' } } }],
    ['a result that a lock withholds', { result: { status: 403, json: { detail: 'User is locked.' } } }],
  ];
  it.each(noAnswers)('is nothing, so that it is asked again, in %s', async (_name, answers) => {
    await expect(polled(answers, 1_000_000)).rejects.toMatchObject({ name: 'Fault', code: 'provider_failed' });
  });

  it('is to wait as long as the vendor says', async () => {
    const status = { status: 202, headers: { 'retry-after': '7' }, json: { status: 'IN_PROGRESS' } };
    expect(await polled({ status })).toMatchObject({ kind: 'pending', pollAfterMs: 7_000 });
    const result = { status: 429, headers: { 'retry-after': '3' }, json: { detail: 'Too Many Requests' } };
    await expect(polled({ result })).rejects.toMatchObject({ details: { retryAfterSeconds: 3 } });
  });

  const missing: SimulatedReply = { status: 404, json: { detail: 'Request not found' } };
  const patience: [string, Answers, number][] = [
    ['a status that is not there', { status: missing }, 120_000],
    ['a result that is not there', { result: missing }, 120_000],
    ['a status that nobody knows', { status: { status: 200, json: { status: 'DREAMING' } } }, 600_000],
    ['a result without a picture', { result: { status: 200, json: { images: [] } } }, 600_000],
  ];
  it.each(patience)('is waited for, but not for ever, after %s', async (_name, answers, limitMs) => {
    expect(await polled(answers, limitMs - 1_000)).toMatchObject({ kind: 'pending' });
    expect(await polled(answers, limitMs + 1_000)).toMatchObject({
      ...{ kind: 'failed', charge: null },
      fault: { code: 'provider_failed' },
    });
  });
});

describe('cancelling', () => {
  it('stops a request that waits in the queue, and takes it off the bill', async () => {
    const at = vendor();
    const ticket = await accepted(at, request);
    expect(await at.provider.cancel?.(ticket, at.context)).toBe(true);
    const path = `/fal-ai/flux-2-flex/requests/${String(ticket.id)}/cancel`;
    expect(at.sent.at(-1)).toMatchObject({ method: 'PUT', url: { pathname: path } });
    expect(at.shop.billMicros).toBe(0);
    expect(await at.provider.check(ticket, at.context)).toMatchObject({ kind: 'failed' });
  });

  it('does not count as done while the request runs, which ends in a picture that is paid', async () => {
    const at = vendor();
    at.shop.latencyMs = 1_000;
    const ticket = await accepted(at, request);
    at.passTime(500);
    expect(await at.provider.cancel?.(ticket, at.context)).toBe(false);
    expect((await followed(at, ticket)).end.kind).toBe('ready');
    expect(at.shop.billMicros).toBeGreaterThan(0);
    expect(await at.provider.cancel?.(ticket, at.context)).toBe(false);
  });

  const requested: SimulatedReply = { status: 202, json: { status: 'CANCELLATION_REQUESTED' } };
  const gone: SimulatedReply = { status: 499, json: { detail: 'Cancelled', error_type: 'client_cancelled' } };
  const outcomes: [string, Answers, boolean][] = [
    ['done where the request ended so', { cancel: requested, result: gone }, true],
    [
      'not done where it ended otherwise',
      { cancel: requested, result: { status: 200, json: { images: [{ url: 'https://f.example/x' }] } } },
      false,
    ],
    ['not done where the vendor fails', { cancel: { status: 500, json: { status: 'OK' } }, result: gone }, false],
  ];
  it.each(outcomes)('is %s', async (_name, answers, isDone) => {
    const at = answering(answers);
    expect(await at.provider.cancel?.(await accepted(at, request), at.context)).toBe(isDone);
  });
});
