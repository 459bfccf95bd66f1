import { describe, expect, it } from 'vitest';
import { bflEntry } from '../../src/providers/bfl';
import { accepted, type SentRequest, type SimulatedVendor, simulatedVendor } from '../support/simulated-vendor';
import { bfl } from '../vendors/bfl';
import type { SimulatedReply } from '../vendors/simulator';
import { requestWith } from './sandbox/requests';

const request = requestWith();
const pictureUrl = 'https://delivery.eu2.bfl.ai/x/sample.png?sig=1';

/** A vendor whose task is `t` and which answers polls with whatever is given. */
function answering(reply: SimulatedReply, more: { pollingUrl?: unknown; baseUrl?: string } = {}): SimulatedVendor {
  const polling_url = 'pollingUrl' in more ? more.pollingUrl : null;
  const intercept = ({ method }: SentRequest): SimulatedReply | null => {
    if (method === 'GET') return reply;
    return method === 'POST' ? { status: 200, json: { id: 't', polling_url, cost: 5 } } : null;
  };
  return simulatedVendor(bflEntry, bfl, {
    intercept,
    ...(more.baseUrl === undefined ? {} : { baseUrl: more.baseUrl }),
  });
}

async function polled(reply: SimulatedReply, ageMs = 1_000) {
  const at = answering(reply);
  const ticket = await accepted(at, request);
  at.passTime(ageMs);
  return await at.provider.check(ticket, at.context);
}

const pending: SimulatedReply = { status: 200, json: { id: 't', status: 'Pending' } };

describe('where a task is asked about', () => {
  const followedUrls: [string, string, boolean][] = [
    ['https://api.us3.bfl.ai/v1/get_result?id=t&cluster=us3', 'https://api.bfl.ai', true],
    ['https://api.eu1.bfl.ai/v1/get_result?id=t', 'https://api.eu.bfl.ai', true],
    ['http://127.0.0.1:8811/elsewhere?id=t', 'http://127.0.0.1:8811', true],
    ['https://api.us3.bfl.ai/v1/get_result?id=t', 'https://proxy.example', false],
  ];
  it.each(followedUrls)('follows %s from %s as it is; with the key: %s', async (pollingUrl, baseUrl, hasKey) => {
    const at = answering(pending, { pollingUrl, baseUrl });
    await at.provider.check(await accepted(at, request), at.context);
    expect(at.sent.at(-1)?.url.href).toBe(pollingUrl);
    expect(at.sent.at(-1)?.headers.get('x-key')).toBe(hasKey ? bfl.key : null);
  });

  it.each([
    'https://bfl.ai.evil.example/v1/get_result?id=t',
    'https://evilbfl.ai/v1/get_result?id=t',
    'http://api.us3.bfl.ai/v1/get_result?id=t',
    'https://api.us3.bfl.ai:8443/v1/get_result?id=t',
    'https://user:word@api.us3.bfl.ai/v1/get_result?id=t',
    'http://169.254.169.254/v1/get_result?id=t',
    'javascript:alert(1)',
    'not a URL',
    '',
    17,
    null,
    undefined,
  ])('does not follow %s, and asks at the base URL', async (pollingUrl) => {
    const at = answering(pending, { pollingUrl, baseUrl: 'https://api.bfl.ai' });
    await at.provider.check(await accepted(at, request), at.context);
    expect(at.sent.at(-1)?.url.href).toBe('https://api.bfl.ai/v1/get_result?id=t');
  });
});

describe('what a poll says', () => {
  it.each(['Pending', 'Reasoning', 'Generating', 'Queued', 'Request Accepted', 'PENDING'])(
    'is that the task is under way: %s',
    async (status) => {
      expect(await polled({ status: 200, json: { id: 't', status } })).toMatchObject({ kind: 'pending' });
    },
  );

  const progresses: [unknown, number | null][] = [
    [0.35, 0.35],
    ['0.35', 0.35],
    ['35%', 0.35],
    [0, 0],
    [35, null],
    [-1, null],
    [null, null],
    ['soon', null],
    [undefined, null],
  ];
  it.each(progresses)('is how far it is: %s', async (progress, read) => {
    const reply = { status: 200, json: { id: 't', status: 'Pending', progress } };
    expect(await polled(reply)).toEqual({ kind: 'pending', progress: read, pollAfterMs: null });
  });

  const waits: [string, number | null][] = [
    ['7', 7_000],
    ['0.2', 1_000],
    ['0', null],
    ['Fri, 15 Jan 2027 08:00:11 GMT', 10_000],
    ['Fri, 15 Jan 2027 07:00:00 GMT', null],
    ['soon', null],
  ];
  it.each(waits)('is when to ask again: %s', async (text, pollAfterMs) => {
    expect(await polled({ ...pending, headers: { 'retry-after': text } })).toMatchObject({ pollAfterMs });
  });

  it('is where the picture is, and what it cost where that is told only now', async () => {
    const json = { id: 't', status: 'Ready', cost: '6.5', result: { sample: pictureUrl, seed: 1 } };
    expect(await polled({ status: 200, json })).toEqual({ kind: 'ready', output: { url: pictureUrl }, charge: 65_000 });
  });

  it.each([200, 500, 503])('is the end of the task whatever the HTTP status: %s', async (status) => {
    const failed = await polled({ status, json: { id: 't', status: 'Error', result: null } });
    expect(failed).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge: 0 });
    const moderated = await polled({ status, json: { status: 'Content Moderated' } });
    expect(moderated).toMatchObject({ kind: 'failed', fault: { code: 'moderated_output' } });
  });

  const noAnswers: [string, SimulatedReply][] = [
    ['a proxy’s own status', { status: 502, json: { status: 'error', message: 'upstream' } }],
    ['another task’s end', { status: 503, json: { id: 'another', status: 'Error' } }],
    ['a word that is no status, with an error', { status: 500, json: { id: 't', status: 'constructor' } }],
    ['html with a 200', { status: 200, body: '<!DOCTYPE html><html></html>' }],
    ['html with a 404', { status: 404, body: '<html>nginx</html>' }],
    ['half an answer', { status: 200, body: '{"id":"t","status":"Rea' }],
    ['a list', { status: 200, json: [] }],
    ['an answer without a status', { status: 200, json: { id: 't' } }],
    ['a refused key', { status: 403, json: { detail: 'Not authenticated' } }],
  ];
  it.each(noAnswers)('is nothing, so that it is asked again, in %s', async (_name, reply) => {
    await expect(polled(reply)).rejects.toMatchObject({ name: 'Fault', code: 'provider_failed' });
  });

  it('is nothing in a redirect either, which is not followed', async () => {
    const at = answering({ status: 307, headers: { location: 'https://api.us3.bfl.ai/v1/get_result?id=t' }, body: '' });
    const ticket = await accepted(at, request);
    await expect(at.provider.check(ticket, at.context)).rejects.toMatchObject({ kind: 'redirect' });
    expect(at.sent.every(({ url }) => url.origin === at.origin)).toBe(true);
  });

  it('is to wait as long as the vendor says, where it limits the rate of polls', async () => {
    const reply = { status: 429, headers: { 'retry-after': '3' }, json: { detail: 'slow down' } };
    await expect(polled(reply)).rejects.toMatchObject({ code: 'provider_failed', details: { retryAfterSeconds: 3 } });
  });

  it.each([
    ['a status', { status: 200, json: { id: 't', status: 'Task not found' } }],
    ['a 404 and a status', { status: 404, json: { id: 't', status: 'Task not found' } }],
    ['a 404 alone', { status: 404, json: { detail: 'Not Found' } }],
  ] satisfies [string, SimulatedReply][])(
    'is believed only after a while when it denies the task, by %s',
    async (_name, reply) => {
      expect(await polled(reply, 5_000)).toMatchObject({ kind: 'pending' });
      expect(await polled(reply, 119_000)).toMatchObject({ kind: 'pending' });
      expect(await polled(reply, 121_000)).toMatchObject({ kind: 'failed', charge: null });
    },
  );

  it.each([
    ['a status that nobody knows', { id: 't', status: 'Dreaming' }],
    ['a status that is the name of a method', { id: 't', status: 'constructor' }],
    ['a finished picture that is nowhere', { id: 't', status: 'Ready', result: {} }],
  ])('is waited for, but not for ever, after %s', async (_name, json) => {
    expect(await polled({ status: 200, json }, 599_000)).toMatchObject({ kind: 'pending' });
    const end = await polled({ status: 200, json }, 601_000);
    expect(end).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge: null });
  });
});
