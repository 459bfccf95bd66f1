import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { replicateEntry } from '../../src/providers/replicate';
import { accepted, collected, followed, type SentRequest, simulatedVendor } from '../support/simulated-vendor';
import { replicate } from '../vendors/replicate';
import type { Failure, SimulatedReply } from '../vendors/simulator';
import { requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1920, height: 1080 });
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) =>
  simulatedVendor(replicateEntry, replicate, options);

/** A vendor whose prediction is `t` and which answers everything after the purchase with whatever is given. */
function answering(reply: SimulatedReply, get: unknown = null, baseUrl?: string) {
  const intercept = ({ method, url }: SentRequest): SimulatedReply | null => {
    if (method === 'HEAD') return null;
    return url.pathname.startsWith('/v1/models/') ? { status: 201, json: { id: 't', urls: { get } } } : reply;
  };
  return vendor({ intercept, ...(baseUrl === undefined ? {} : { baseUrl }) });
}

async function polled(reply: SimulatedReply, ageMs = 1_000) {
  const at = answering(reply);
  const ticket = await accepted(at, request);
  at.passTime(ageMs);
  return await at.provider.check(ticket, at.context);
}

const predictionOf = (more: object): SimulatedReply => ({ status: 200, json: { id: 't', output: null, ...more } });

describe('a prediction', () => {
  it('goes from pending to ready, and delivers the picture of the size that was ordered, with the key at the API alone', async () => {
    const at = vendor();
    at.shop.latencyMs = 1_200;
    const ticket = await accepted(at, request);
    expect(await at.provider.check(ticket, at.context)).toEqual({ kind: 'pending', progress: null, pollAfterMs: null });
    const { end } = await followed(at, JSON.parse(JSON.stringify(ticket)));
    if (end.kind !== 'ready') throw new Error(`The prediction is ${end.kind}.`);
    expect(end.charge).toBeNull();
    const bytes = await at.provider.collect(end.output, request, at.context);
    expect(probePicture(bytes)).toMatchObject({ format: 'png', width: 1920, height: 1088, isComplete: true });
    expect(at.sent.at(-1)?.url.pathname).toContain('/delivery/');
    expect(JSON.stringify([...(at.sent.at(-1)?.headers ?? [])])).not.toContain(replicate.key);
    expect(JSON.stringify([ticket, end])).not.toContain(replicate.key);
  });

  const ends: [Failure, string][] = [
    ['moderate-request', 'moderated_request'],
    ['moderate-output', 'moderated_output'],
    ['fail-after', 'provider_failed'],
  ];
  it.each(ends)('ends without a picture, and without a bill, on %s', async (failure, code) => {
    const at = vendor();
    at.shop.failWith(failure);
    const { end } = await followed(at, await accepted(at, request));
    expect(end).toMatchObject({ kind: 'failed', fault: { code }, charge: null });
    expect(at.shop.billMicros).toBe(0);
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
      if (end.kind !== 'ready') throw new Error(`The prediction is ${end.kind}.`);
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

  const followedUrls: [string, unknown, string, string][] = [
    [
      'its URL',
      'https://api.replicate.com/v1/other/t',
      'https://api.replicate.com',
      'https://api.replicate.com/v1/other/t',
    ],
    [
      'the base URL, not another host',
      'https://evil.example/t',
      'https://p.example/r',
      'https://p.example/r/v1/predictions/t',
    ],
    [
      'the base URL, not its http',
      'http://api.replicate.com/t',
      'https://api.replicate.com',
      'https://api.replicate.com/v1/predictions/t',
    ],
    [
      'the base URL, not a URL with a name',
      'https://u:w@p.example/t',
      'https://p.example',
      'https://p.example/v1/predictions/t',
    ],
    ['the base URL where there is none', 17, 'https://p.example', 'https://p.example/v1/predictions/t'],
  ];
  it.each(followedUrls)('is asked about at %s', async (_name, given, baseUrl, expected) => {
    const at = answering(predictionOf({ status: 'processing' }), given, baseUrl);
    await at.provider.check(await accepted(at, request), at.context);
    expect(at.sent.at(-1)?.url.href).toBe(expected);
  });
});

describe('what a poll says', () => {
  const outputs: [string, unknown][] = [
    ['one URL', 'https://replicate.delivery/x/tmp.png'],
    ['a list', ['https://replicate.delivery/x/tmp.png', 'https://replicate.delivery/y/tmp.png']],
    ['an object', { url: 'https://replicate.delivery/x/tmp.png' }],
  ];
  it.each(outputs)('is where the picture is, in %s', async (_name, output) => {
    const url = 'https://replicate.delivery/x/tmp.png';
    expect(await polled(predictionOf({ status: 'succeeded', output }))).toEqual({
      kind: 'ready',
      output: { url },
      charge: null,
    });
  });

  const failures: [string, object, string, number | null][] = [
    ['a picture that was flagged', { status: 'failed', error: 'NSFW content detected.' }, 'moderated_output', null],
    ['BFL’s own word for it', { status: 'failed', error: 'Content Moderated' }, 'moderated_output', null],
    ['a failure without words', { status: 'failed', error: null }, 'provider_failed', null],
    ['a failure that only looks like it', { status: 'failed', error: 'E0051 at E5' }, 'provider_failed', null],
    ['somebody’s cancelling', { status: 'canceled' }, 'provider_failed', null],
    ['a deadline before the start, which is free', { status: 'aborted' }, 'provider_failed', 0],
  ];
  it.each(failures)('is the end in %s', async (_name, more, code, charge) => {
    expect(await polled(predictionOf(more))).toMatchObject({ kind: 'failed', fault: { code }, charge });
  });

  const noAnswers: [string, SimulatedReply][] = [
    ['a refused key', { status: 401, json: { title: 'Unauthenticated', detail: 'no', status: 401 } }],
    ['an error', { status: 500, json: { detail: 'Internal server error', status: 'failed' } }],
    ['another prediction', { status: 200, json: { id: 'another', status: 'failed' } }],
    ['html', { status: 200, body: '<!DOCTYPE html>' }],
    ['html with a 404', { status: 404, body: '<html>nginx</html>' }],
    ['half an answer', { status: 200, body: '{"id":"t","status":"suc' }],
  ];
  it.each(noAnswers)('is nothing, so that it is asked again, in %s', async (_name, reply) => {
    await expect(polled(reply, 1_000_000)).rejects.toMatchObject({ name: 'Fault', code: 'provider_failed' });
  });

  it('is to wait as long as the vendor says', async () => {
    const pending = { ...predictionOf({ status: 'processing' }), headers: { 'retry-after': '7' } };
    expect(await polled(pending)).toMatchObject({ kind: 'pending', pollAfterMs: 7_000 });
    const limited = { status: 429, headers: { 'retry-after': '3' }, json: { detail: 'Request was throttled.' } };
    await expect(polled(limited)).rejects.toMatchObject({ details: { retryAfterSeconds: 3 } });
  });

  const patience: [string, SimulatedReply, number][] = [
    ['a 404', { status: 404, json: { detail: 'Not found', status: 404 } }, 120_000],
    ['a status that nobody knows', predictionOf({ status: 'dreaming' }), 600_000],
    ['a success without a picture', predictionOf({ status: 'succeeded', data_removed: true }), 600_000],
  ];
  it.each(patience)('is waited for, but not for ever, after %s', async (_name, reply, limitMs) => {
    expect(await polled(reply, limitMs - 1_000)).toMatchObject({ kind: 'pending' });
    expect(await polled(reply, limitMs + 1_000)).toMatchObject({
      ...{ kind: 'failed', charge: null },
      fault: { code: 'provider_failed' },
    });
  });
});

describe('cancelling', () => {
  it('stops a prediction that is under way, and takes it off the bill', async () => {
    const at = vendor();
    const ticket = await accepted(at, request);
    expect(await at.provider.cancel?.(ticket, at.context)).toBe(true);
    expect(at.sent.at(-1)?.url.href).toBe(`${at.origin}/v1/predictions/${String(ticket.id)}/cancel`);
    expect(at.shop.billMicros).toBe(0);
    expect(await at.provider.check(ticket, at.context)).toMatchObject({ kind: 'failed' });
  });

  it('does not stop what is finished', async () => {
    const at = vendor();
    const ticket = await accepted(at, request);
    at.passTime(1_000);
    expect(await at.provider.cancel?.(ticket, at.context)).toBe(false);
  });

  it.each([
    ['it is still to come', predictionOf({ status: 'processing' })],
    ['a picture was made all the same', predictionOf({ status: 'canceled', output: 'https://r.example/x.png' })],
    ['another prediction was stopped', { status: 200, json: { id: 'another', status: 'canceled' } }],
    ['the vendor fails', { status: 500, json: { id: 't', status: 'canceled' } }],
  ] satisfies [string, SimulatedReply][])('is not believed where %s', async (_name, reply) => {
    const at = answering(reply);
    expect(await at.provider.cancel?.(await accepted(at, request), at.context)).toBe(false);
  });
});
