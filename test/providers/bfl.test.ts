import { describe, expect, it, vi } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { priceMicros } from '../../src/core/price';
import type { Submission } from '../../src/core/provider';
import { bflEntry } from '../../src/providers/bfl';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { accepted, simulatedVendor } from '../support/simulated-vendor';
import { bfl } from '../vendors/bfl';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  prompt: 'A brass orrery',
  width: 1920,
  height: 1080,
  seed: 4_294_967_295,
  guidance: 3.5,
});
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) => simulatedVendor(bflEntry, bfl, options);

describe('the request', () => {
  it('says every parameter, asks for PNG and for the next multiple of 16, and passes no webhook on', async () => {
    const at = vendor();
    await accepted(at, request);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/v1/flux-2-flex`);
    expect(purchase?.headers.get('x-key')).toBe(bfl.key);
    expect(purchase?.headers.get('content-type')).toBe('application/json');
    expect(purchase?.json).toEqual({
      prompt: 'A brass orrery',
      prompt_upsampling: false,
      width: 1920,
      height: 1088,
      steps: 20,
      guidance: 3.5,
      seed: 4_294_967_295,
      safety_tolerance: 2,
      output_format: 'png',
    });
  });

  it('sends a JSON prompt as its text, and a zero as a zero', async () => {
    const at = vendor();
    await accepted(at, {
      ...request,
      prompt: { scene: 'a harbour', n: 1 },
      seed: 0,
      safetyTolerance: 0,
      promptUpsampling: true,
    });
    expect(at.sent.at(-1)?.json).toMatchObject({
      prompt: '{"scene":"a harbour","n":1}',
      ...{ seed: 0, safety_tolerance: 0, prompt_upsampling: true },
    });
  });

  it('sends references in their order as bare base64', async () => {
    const files = new Map([
      ['a'.repeat(64), pictureBytes('png')],
      ['b'.repeat(64), pictureBytes('webpLossy')],
    ]);
    const at = vendor({ files });
    const references = [referenceOf('b', 'image/webp', 35), referenceOf('a', 'image/png', 35)];
    await accepted(at, { ...request, references });
    expect(at.sent.at(-1)?.json).toMatchObject({
      input_image: pictureBytes('webpLossy').toBase64(),
      input_image_2: pictureBytes('png').toBase64(),
    });
  });

  it('buys nothing where a reference cannot be read, or all of them are too large to be held', async () => {
    const at = vendor();
    const unreadable = await at.provider.submit(
      { ...request, references: [referenceOf('c', 'image/png', 35)] },
      at.context,
    );
    expect(unreadable).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    const huge = Array.from({ length: 2 }, () => ({
      ...referenceOf('d', 'image/png', 3000),
      sizeBytes: 13 * 1024 * 1024,
    }));
    const tooLarge = await at.provider.submit({ ...request, references: huge }, at.context);
    expect(tooLarge).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(at.sent).toEqual([]);
  });
});

describe('a purchase', () => {
  it('reports what was charged when it is accepted, which is what the till shows', async () => {
    const at = vendor({ files: new Map([['a'.repeat(64), pictureBytes('png')]]) });
    const references = [referenceOf('a', 'image/png', 35)];
    const submission = await at.provider.submit({ ...request, references }, at.context);
    expect(submission).toMatchObject({ kind: 'accepted', charge: at.shop.billMicros });
    expect(at.shop.billMicros).toBe(104_500);
  });

  it.each([
    ['"5.25"', '5.25', 52_500],
    ['nothing', undefined, null],
    ['null', null, null],
    ['0, which no picture costs', 0, null],
    ['words', 'free', null],
  ])('reads a cost of %s', async (_name, cost, charge) => {
    const at = vendor({
      intercept: ({ method }) => (method === 'POST' ? { status: 200, json: { id: 'x', cost } } : null),
    });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'accepted', charge });
  });

  const refusals: [Failure, Partial<Extract<Submission, { kind: 'refused' }>>, string][] = [
    ['refuse', { reason: 'invalid', isFinal: false }, 'no_provider'],
    ['bad-key', { reason: 'credentials', isFinal: false }, 'unavailable'],
    ['credit', { reason: 'credit', isFinal: false }, 'unavailable'],
    ['rate-limit', { reason: 'busy', isFinal: false }, 'unavailable'],
    ['rate-limit-retry-after', { reason: 'busy', isFinal: false }, 'unavailable'],
    ['error-before', { reason: 'unavailable', isFinal: false }, 'unavailable'],
    ['unavailable-before', { reason: 'unavailable', isFinal: false }, 'unavailable'],
  ];
  it.each(refusals)('is refused, and nothing is bought, on %s', async (failure, refusal, code) => {
    const at = vendor();
    at.shop.failWith(failure);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', ...refusal, fault: { code } });
    expect(at.shop.sales.size).toBe(0);
    const seconds = submission.kind === 'refused' ? submission.fault.retryAfterSeconds : undefined;
    expect(seconds).toBe(failure === 'rate-limit-retry-after' ? 1 : undefined);
  });

  const lost: [Failure, number][] = [
    ['hang-up-before', 0],
    ['hang-up-after', 1],
    ['error-after', 1],
    ['bad-gateway-after', 1],
    ['html', 1],
    ['garbage', 1],
  ];
  it.each(lost)('has an outcome that nobody knows on %s', async (failure, sales) => {
    const at = vendor();
    at.shop.failWith(failure);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'unknown', fault: { code: 'outcome_unknown' } });
    expect(at.shop.sales.size).toBe(sales);
  });

  it('has an outcome that nobody knows when no answer comes in time', async () => {
    vi.useFakeTimers();
    try {
      const at = vendor();
      at.shop.failWith('time-out');
      const submission = at.provider.submit(request, at.context);
      await vi.advanceTimersByTimeAsync(61_000);
      expect(await submission).toMatchObject({ kind: 'unknown' });
      expect(at.shop.sales.size).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is refused, and nothing is sent, when the vendor cannot be reached', async () => {
    const at = vendor({ intercept: () => ({ status: 0, isHangUp: true }) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    expect(at.sent.map(({ method }) => method)).toEqual(['HEAD']);
  });

  it('is refused, and nothing is sent, with a key that no header can carry', async () => {
    const at = vendor({ apiKey: 'two\nlines' });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(at.sent).toEqual([]);
  });

  it('is refused as busy beyond the vendor’s 24 tasks', async () => {
    const at = vendor();
    for (let task = 0; task < 24; task += 1) await accepted(at, request);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason: 'busy' });
    at.passTime(1_000);
    await accepted(at, request);
  });

  it('tells the caller which parameter the vendor refused, and nothing about keys', async () => {
    const at = vendor();
    const invalid = await at.provider.submit({ ...request, guidance: 11 }, at.context);
    expect(invalid).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(JSON.stringify(invalid)).toContain('guidance: Input should be less than or equal to 10');
    for (const apiKey of ['malformed', 'bfl_but_unknown']) {
      const refused = await vendor({ apiKey }).provider.submit(request, vendor({ apiKey }).context);
      expect(refused).toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(refused)).not.toContain(apiKey);
    }
  });

  it.each([
    ['a refusal', 400],
    ['an answer without a task', 200],
  ])('ends for good where moderation is told in %s', async (_name, status) => {
    const json = { status: 'Request Moderated', details: null };
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'moderated', isFinal: true });
  });
});

describe('a capability', () => {
  it('is exact for whatever the model takes with up to 8 references, and cannot take more', () => {
    const references = Array.from({ length: 9 }, () => referenceOf('a', 'image/png', 512));
    expect(fitOf(bflEntry.capability, requestWith({ references: references.slice(1) }))).toEqual({ kind: 'exact' });
    expect(fitOf(bflEntry.capability, requestWith({ width: 2048, height: 2048, steps: 1, guidance: 1.5 })).kind).toBe(
      'exact',
    );
    expect(fitOf(bflEntry.capability, requestWith({ references }))).toMatchObject({ kind: 'cannot' });
  });

  it('prices as the simulated till does', async () => {
    const at = vendor();
    for (const size of [
      { width: 64, height: 64 },
      { width: 1024, height: 1024 },
      { width: 2048, height: 2048 },
    ]) {
      const submission = await at.provider.submit({ ...request, ...size }, at.context);
      expect(submission).toMatchObject({ charge: priceMicros(bflEntry.capability.price, { ...request, ...size }) });
    }
  });
});
