import { describe, expect, it } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { probePicture } from '../../src/core/picture-probe';
import { priceMicros } from '../../src/core/price';
import type { RefusalReason } from '../../src/core/provider';
import { cometapiEntry } from '../../src/providers/cometapi';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { accepted, collected, followed, simulatedVendor } from '../support/simulated-vendor';
import { cometapi } from '../vendors/cometapi';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A sign that reads WELCOME TO 2077', width: 1920, height: 1080 });
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) =>
  simulatedVendor(cometapiEntry, cometapi, options);

describe('the request', () => {
  it('says every parameter, with a bearer, and asks for PNG', async () => {
    const file = pictureBytes('png');
    const at = vendor({ files: new Map([['a'.repeat(64), file]]) });
    await accepted(at, { ...request, references: [referenceOf('a', 'image/png', 35)] });
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/flux/v1/flux-2-flex`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${cometapi.key}`);
    expect(purchase?.json).toEqual({
      prompt: 'A sign that reads WELCOME TO 2077',
      prompt_upsampling: false,
      width: 1920,
      height: 1088,
      steps: 20,
      guidance: 5,
      seed: 42,
      safety_tolerance: 2,
      output_format: 'png',
      input_image: file.toBase64(),
    });
  });
});

describe('a purchase', () => {
  it('costs what the vendor reports, and nobody knows what where it reports nothing', async () => {
    const at = vendor();
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'accepted', charge: at.shop.billMicros });
    expect(at.shop.billMicros).toBe(priceMicros(cometapiEntry.capability.price, request));
    for (const json of [{ id: 'x' }, { id: 'x', cost: 0 }, { task_id: 'x' }]) {
      const silent = vendor({ intercept: ({ method }) => (method === 'POST' ? { status: 200, json } : null) });
      expect(await silent.provider.submit(request, silent.context)).toMatchObject({ kind: 'accepted', charge: null });
    }
  });

  const refusals: [Failure, RefusalReason][] = [
    ['refuse', 'invalid'],
    ['bad-key', 'credentials'],
    ['credit', 'credit'],
    ['rate-limit', 'busy'],
    ['rate-limit-retry-after', 'busy'],
    ['error-before', 'unavailable'],
    ['unavailable-before', 'unavailable'],
    ['moderate-request', 'moderated'],
  ];
  it.each(refusals)('is refused on %s as %s, and nothing is bought', async (failure, reason) => {
    const at = vendor();
    at.shop.failWith(failure);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason, isFinal: reason === 'moderated' });
    expect(at.shop.sales.size).toBe(0);
  });

  it.each(['hang-up-after', 'error-after', 'bad-gateway-after', 'html', 'garbage'] as const)(
    'has an outcome that nobody knows on %s',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
      expect(at.shop.sales.size).toBe(1);
    },
  );

  it('is refused for a wrong key, which is told to nobody', async () => {
    const at = vendor({ apiKey: 'sk-wrong' });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(JSON.stringify(submission)).not.toContain('sk-wrong');
  });
});

describe('a task', () => {
  it('is asked about at CometAPI alone, wherever its polling_url leads, and delivers the picture', async () => {
    const at = vendor();
    const ticket = await accepted(at, request);
    expect(ticket).toMatchObject({ pollingUrl: expect.stringContaining('bfl.ai') });
    const { end } = await followed(at, ticket);
    if (end.kind !== 'ready') throw new Error(`The task is ${end.kind}.`);
    const bytes = await at.provider.collect(end.output, request, at.context);
    expect(probePicture(bytes)).toMatchObject({ format: 'png', width: 1920, height: 1088, isComplete: true });
    expect(at.sent.every(({ url }) => url.origin === at.origin)).toBe(true);
    expect(at.sent.at(-1)?.headers.has('authorization')).toBe(false);
    expect(at.sent.at(-2)?.url.href).toBe(`${at.origin}/flux/v1/get_result?id=${String(ticket.id)}`);
    expect(JSON.stringify([ticket, end])).not.toContain(cometapi.key);
  });

  it.each([
    ['moderate-output', 'moderated_output', null],
    ['fail-after', 'provider_failed', 0],
  ] as const)('ends without a picture on %s', async (failure, code, charge) => {
    const at = vendor();
    at.shop.failWith(failure);
    const { end } = await followed(at, await accepted(at, request));
    expect(end).toMatchObject({ kind: 'failed', fault: { code }, charge });
  });

  it.each(['poll-error', 'poll-html', 'poll-hang-up'] as const)('survives %s', async (failure) => {
    const at = vendor();
    at.shop.failWith(failure);
    const { end, failedPolls } = await followed(at, await accepted(at, request));
    expect([end.kind, failedPolls, at.shop.sales.size]).toEqual(['ready', 2, 1]);
  });

  it.each(['truncated-picture', 'wrong-type', 'expired-url', 'redirect-private'] as const)(
    'is collected in the end although the first downloads are %s',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      const { end } = await followed(at, await accepted(at, request));
      if (end.kind !== 'ready') throw new Error(`The task is ${end.kind}.`);
      const isWhole = (bytes: Uint8Array) => probePicture(bytes)?.isComplete === true;
      expect((await collected(at, end.output, request, isWhole)).failedDownloads).toBe(2);
    },
  );

  const envelopes: [string, unknown, object][] = [
    ['under way', { status: 'IN_PROGRESS', progress: '40%' }, { kind: 'pending', progress: 0.4 }],
    ['finished', { status: 'SUCCESS', data: { sample: 'https://d.bfl.ai/x.png' } }, { kind: 'ready' }],
    [
      'finished, as BFL says it',
      { status: 'SUCCESS', data: { result: { sample: 'https://d.bfl.ai/x.png' } } },
      { kind: 'ready' },
    ],
    ['failed', { status: 'FAILURE', fail_reason: 'x' }, { kind: 'failed', charge: 0 }],
  ];
  it.each(envelopes)(
    'is understood in the envelope that some of its clients have met: %s',
    async (_name, data, progress) => {
      const json = { code: 'success', message: '', data };
      const at = vendor({ intercept: ({ method }) => (method === 'GET' ? { status: 200, json } : null) });
      expect(await at.provider.check(await accepted(at, request), at.context)).toMatchObject(progress);
    },
  );
});

describe('a capability', () => {
  it('is exact with up to 8 references and cannot take more', () => {
    const references = Array.from({ length: 9 }, () => referenceOf('a', 'image/png', 512));
    expect(fitOf(cometapiEntry.capability, requestWith({ references: references.slice(1) }))).toEqual({
      kind: 'exact',
    });
    expect(fitOf(cometapiEntry.capability, requestWith({ references }))).toMatchObject({ kind: 'cannot' });
  });
});
