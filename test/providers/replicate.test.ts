import { describe, expect, it, vi } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { priceMicros } from '../../src/core/price';
import type { RefusalReason } from '../../src/core/provider';
import { replicateEntry } from '../../src/providers/replicate';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { accepted, simulatedVendor } from '../support/simulated-vendor';
import { replicate } from '../vendors/replicate';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  prompt: 'A brass orrery',
  width: 1920,
  height: 1080,
  seed: 4_294_967_295,
  guidance: 3.5,
});
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) =>
  simulatedVendor(replicateEntry, replicate, options);

describe('the request', () => {
  it('says every parameter of a size of its own, asks for PNG, and does not wait', async () => {
    const at = vendor();
    await accepted(at, request);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/v1/models/black-forest-labs/flux-2-flex/predictions`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${replicate.key}`);
    expect(purchase?.headers.has('prefer')).toBe(false);
    expect(purchase?.json).toEqual({
      input: {
        prompt: 'A brass orrery',
        input_images: [],
        aspect_ratio: 'custom',
        width: 1920,
        height: 1088,
        steps: 20,
        guidance: 3.5,
        seed: 4_294_967_295,
        safety_tolerance: 2,
        prompt_upsampling: false,
        output_format: 'png',
      },
    });
  });

  it('sends a JSON prompt as its text, and references in their order as data URLs', async () => {
    const files = new Map([
      ['a'.repeat(64), pictureBytes('png')],
      ['b'.repeat(64), pictureBytes('webpLossy')],
    ]);
    const at = vendor({ files });
    const references = [referenceOf('b', 'image/webp', 35), referenceOf('a', 'image/png', 35)];
    await accepted(at, { ...request, prompt: { scene: 'a harbour' }, references, seed: 0, promptUpsampling: true });
    expect(at.sent.at(-1)?.json).toMatchObject({
      input: {
        ...{ prompt: '{"scene":"a harbour"}', seed: 0, prompt_upsampling: true },
        input_images: [
          `data:image/webp;base64,${pictureBytes('webpLossy').toBase64()}`,
          `data:image/png;base64,${pictureBytes('png').toBase64()}`,
        ],
      },
    });
  });

  it('sends nothing where a reference cannot be read, or all of them have more than 14 MB', async () => {
    const at = vendor();
    const unreadable = { ...request, references: [referenceOf('c', 'image/png', 35)] };
    const reference = { ...referenceOf('d', 'image/png', 3000), sizeBytes: 7_000_001 };
    const tooLarge = { ...request, references: [reference, reference] };
    expect(await at.provider.submit(unreadable, at.context)).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    expect(await at.provider.submit(tooLarge, at.context)).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(at.sent).toEqual([]);
  });
});

describe('a purchase', () => {
  it('is of an unknown charge, as the vendor tells none', async () => {
    const at = vendor();
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'accepted', charge: null });
    expect(at.shop.sales.size).toBe(1);
  });

  const refusals: [Failure, RefusalReason][] = [
    ['refuse', 'invalid'],
    ['bad-key', 'credentials'],
    ['credit', 'credit'],
    ['rate-limit', 'busy'],
    ['rate-limit-retry-after', 'busy'],
    ['error-before', 'unavailable'],
    ['unavailable-before', 'unavailable'],
  ];
  it.each(refusals)('is refused on %s as %s, and nothing is bought', async (failure, reason) => {
    const at = vendor();
    at.shop.failWith(failure);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason, isFinal: false });
    expect(at.shop.sales.size).toBe(0);
    const seconds = submission.kind === 'refused' ? submission.fault.retryAfterSeconds : undefined;
    expect(seconds).toBe(failure === 'rate-limit-retry-after' ? 1 : undefined);
  });

  it.each(['hang-up-before', 'hang-up-after', 'error-after', 'bad-gateway-after', 'html', 'garbage'] as const)(
    'has an outcome that nobody knows on %s',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
      expect(at.shop.sales.size).toBe(failure === 'hang-up-before' ? 0 : 1);
    },
  );

  it.each([
    ['another’s error', 500, { error: 'upstream connect error' }],
    ['a success that names no prediction', 201, { status: 'starting' }],
    ['a success of another shape', 200, ['t']],
  ])('has an outcome that nobody knows after %s', async (_name, status, json) => {
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });

  it('has an outcome that nobody knows when no answer comes in time', async () => {
    vi.useFakeTimers();
    try {
      const at = vendor();
      at.shop.failWith('time-out');
      const submission = at.provider.submit(request, at.context);
      await vi.advanceTimersByTimeAsync(61_000);
      expect(await submission).toMatchObject({ kind: 'unknown' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is refused for a wrong key, which is told to nobody', async () => {
    const at = vendor({ apiKey: 'r8_wrong' });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(JSON.stringify(submission)).not.toContain('r8_wrong');
  });

  it('tells the caller which parameter the vendor refused', async () => {
    const at = vendor();
    const submission = await at.provider.submit({ ...request, safetyTolerance: 0 }, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(JSON.stringify(submission)).toContain('input.safety_tolerance: Must be greater than or equal to 1');
  });
});

describe('a capability', () => {
  it('is exact, adjusted or wanting as the model’s schema says', () => {
    const fitFor = (changes: Parameters<typeof requestWith>[0]) =>
      fitOf(replicateEntry.capability, requestWith(changes));
    const references = Array.from({ length: 10 }, () => referenceOf('a', 'image/png', 512));
    expect(fitFor({ width: 2048, height: 2048, references, steps: 1, guidance: 10 })).toEqual({ kind: 'exact' });
    expect(fitFor({ safetyTolerance: 0, width: 2560, height: 1440 })).toMatchObject({
      kind: 'adjusted',
      changes: ['safety_tolerance: 1 instead of 0', 'size: 2048×1152 instead of 2560×1440'],
    });
    expect(fitFor({ width: 128, height: 256 })).toMatchObject({ kind: 'adjusted' });
    expect(fitFor({ prompt: 'x'.repeat(32_001) })).toMatchObject({ kind: 'cannot' });
  });

  it.each([
    [256, 256],
    [1024, 1024],
    [1920, 1080],
    [2048, 2048],
  ])('prices %s×%s as the simulated till does', async (width, height) => {
    const at = vendor();
    const sized = { ...request, width, height };
    await accepted(at, sized);
    expect(priceMicros(replicateEntry.capability.price, sized)).toBe(at.shop.billMicros);
  });
});
