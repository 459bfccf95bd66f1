import { describe, expect, it } from 'vitest';
import { oneminEntry } from '../../src/providers/onemin';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { promptVendor } from '../support/at-once-purchases';
import { accepted, collected, followed, type SimulatedVendorOptions } from '../support/simulated-vendor';
import { onemin } from '../vendors/onemin';
import { storedAsset } from '../vendors/onemin-assets';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1024, height: 1024, guidance: 3.5 });
const vendor = (options: SimulatedVendorOptions = {}) =>
  promptVendor({ entry: oneminEntry, simulator: onemin }, options);

describe('a reference', () => {
  const files = new Map([['a'.repeat(64), pictureBytes('webpLossy')]]);
  const edit = { ...request, references: [referenceOf('a', 'image/webp', 35)] };

  it('is uploaded first, and then named by its path', async () => {
    const at = vendor({ files });
    expect((await at.provider.submit(edit, at.context)).kind).toBe('done');
    const [upload, purchase] = at.sent.filter(({ method }) => method === 'POST');
    expect(upload?.url.pathname).toBe('/api/assets');
    expect(upload?.headers.get('api-key')).toBe(onemin.key);
    expect(purchase?.url.pathname).toBe('/api/features');
    const sent = purchase?.json as { type: string; promptObject: { imageUrl: string } };
    expect(sent).toMatchObject({ type: 'IMAGE_EDITOR', promptObject: { seed: 42, aspect_ratio: '1:1' } });
    const asset = storedAsset(at.shop, sent.promptObject.imageUrl);
    expect(asset).toEqual({ type: 'image/webp', bytes: pictureBytes('webpLossy') });
    expect(at.shop.billMicros).toBe(50_000);
  });

  it.each([
    ['a wrong key', { status: 401, json: { errorCode: 'INVALID_API_KEY', message: 'no' } }, 'credentials', undefined],
    [
      'a lack of credit',
      { status: 406, json: { errorCode: 'INSUFFICIENT_CREDITS', message: 'no' } },
      'credit',
      undefined,
    ],
    ['a rate limit', { status: 429, headers: { 'retry-after': '7' }, json: {} }, 'busy', 7],
    ['a file that is too large', { status: 413, body: '<html>too large</html>' }, 'invalid', undefined],
    ['a proxy’s error', { status: 502, body: '<html>Bad gateway</html>' }, 'unavailable', undefined],
    ['an answer without a path', { status: 200, json: { asset: {} } }, 'unavailable', undefined],
    ['a connection that breaks', { status: 0, isHangUp: true }, 'unavailable', undefined],
  ])('that cannot be uploaded buys nothing: %s', async (_name, reply, reason, retryAfterSeconds) => {
    const at = vendor({ files, intercept: ({ url }) => (url.pathname === '/api/assets' ? reply : null) });
    const submission = await at.provider.submit(edit, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason, isFinal: false });
    expect(submission.kind === 'refused' && submission.fault.retryAfterSeconds).toBe(retryAfterSeconds);
    expect(at.sent.some(({ url }) => url.pathname === '/api/features')).toBe(false);
  });

  it('that cannot be read sends nothing', async () => {
    const at = vendor();
    expect(await at.provider.submit(edit, at.context)).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    expect(at.sent).toEqual([]);
  });

  it('is taken by the other name of its path', async () => {
    const at = vendor({
      files,
      intercept: ({ url }) =>
        url.pathname === '/api/assets' ? { status: 200, json: { asset: { key: 'images/x.png' } } } : null,
    });
    await at.provider.submit(edit, at.context);
    expect(at.sent.at(-1)?.json).toMatchObject({ promptObject: { imageUrl: 'images/x.png' } });
  });
});

describe('a record that the answer to the purchase left unfinished', () => {
  /** Buys, and answers as if the vendor had not waited. */
  async function unfinished(failure: Failure = 'none') {
    let uuid = '';
    const at = vendor({
      intercept: ({ method }) => {
        if (method !== 'POST' || uuid === '') return null;
        return { status: 200, json: { aiRecord: { uuid, status: 'PROCESSING' } } };
      },
    });
    at.shop.failWith(failure);
    await at.provider.submit(request, at.context);
    uuid = [...at.shop.sales.keys()][0] ?? '';
    return { at, ticket: await accepted(at, request) };
  }

  it('is followed by its id, and collected', async () => {
    const { at, ticket } = await unfinished();
    const { end } = await followed(at, JSON.parse(JSON.stringify(ticket)));
    if (end.kind !== 'ready') throw new Error(`The record is ${end.kind}.`);
    expect(at.sent.at(-1)?.url.pathname).toBe(`/api/results/${ticket.uuid}`);
    expect(JSON.stringify([ticket, end])).not.toContain(onemin.key);
    expect((await collected(at, end.output, request, () => true)).failedDownloads).toBe(0);
    expect(at.shop.sales.size).toBe(1);
  });

  it.each<Failure>(['poll-error', 'poll-html', 'poll-hang-up'])('survives %s', async (failure) => {
    const { at, ticket } = await unfinished(failure);
    const { end, failedPolls } = await followed(at, ticket);
    expect([end.kind, failedPolls]).toEqual(['ready', 2]);
  });

  it('ends without a picture where it failed, and costs nothing', async () => {
    const { at, ticket } = await unfinished('fail-after');
    const { end } = await followed(at, ticket);
    expect(end).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge: 0 });
  });

  it('counts as paid where the picture is moderated, and says so when it is collected', async () => {
    const { at, ticket } = await unfinished('moderate-output');
    const { end } = await followed(at, ticket);
    if (end.kind !== 'ready') throw new Error(`The record is ${end.kind}.`);
    const collecting = at.provider.collect(end.output, request, at.context);
    await expect(collecting).rejects.toMatchObject({ code: 'moderated_output' });
  });

  it.each([
    ['pending', { uuid: 'a', status: 'PROCESSING' }, { kind: 'pending', progress: null, pollAfterMs: 3_000 }],
    ['pending with an unknown status', { status: 'WARMING' }, { kind: 'pending', progress: null, pollAfterMs: 3_000 }],
    [
      'moderated before it was made',
      { status: 'FAILURE', errorCode: 'CONTENT_POLICY_VIOLATION' },
      { kind: 'failed', fault: { code: 'moderated_request' }, charge: 0 },
    ],
  ])('is %s', async (_name, aiRecord, progress) => {
    const reply = { status: 200, headers: { 'retry-after': '3' }, json: { aiRecord } };
    const at = vendor({ intercept: () => reply });
    expect(await at.provider.check({ uuid: 'a' }, at.context)).toMatchObject(progress);
  });

  it('is asked for again where the vendor does not know it yet', async () => {
    const at = vendor();
    await expect(at.provider.check({ uuid: 'unknown' }, at.context)).rejects.toMatchObject({ code: 'provider_failed' });
    const busy = vendor({ intercept: () => ({ status: 429, headers: { 'retry-after': '9' }, json: {} }) });
    await expect(busy.provider.check({ uuid: 'a' }, busy.context)).rejects.toMatchObject({
      details: { retryAfterSeconds: 9 },
    });
  });
});
