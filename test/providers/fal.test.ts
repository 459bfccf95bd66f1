import { describe, expect, it, vi } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { priceMicros } from '../../src/core/price';
import type { RefusalReason } from '../../src/core/provider';
import { falEntry } from '../../src/providers/fal';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { accepted, followed, simulatedVendor } from '../support/simulated-vendor';
import { fal } from '../vendors/fal';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  prompt: 'A brass orrery',
  width: 1920,
  height: 1080,
  seed: 4_294_967_295,
  guidance: 3.5,
});
const vendor = (options: Parameters<typeof simulatedVendor>[2] = {}) => simulatedVendor(falEntry, fal, options);

describe('the request', () => {
  it('says every parameter, in the vendor’s own names and types, and asks for PNG by URL', async () => {
    const at = vendor();
    await accepted(at, request);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/fal-ai/flux-2-flex`);
    expect(purchase?.headers.get('authorization')).toBe(`Key ${fal.key}`);
    expect(purchase?.json).toEqual({
      prompt: 'A brass orrery',
      image_size: { width: 1920, height: 1088 },
      num_inference_steps: 20,
      guidance_scale: 3.5,
      seed: 4_294_967_295,
      safety_tolerance: '2',
      enable_safety_checker: true,
      enable_prompt_expansion: false,
      output_format: 'png',
      sync_mode: false,
    });
  });

  it('goes to where pictures are edited with references, in their order as data URLs', async () => {
    const files = new Map([
      ['a'.repeat(64), pictureBytes('png')],
      ['b'.repeat(64), pictureBytes('webpLossy')],
    ]);
    const at = vendor({ files });
    const references = [referenceOf('b', 'image/webp', 35), referenceOf('a', 'image/png', 35)];
    const ticket = await accepted(at, {
      ...request,
      prompt: { scene: 'a harbour' },
      references,
      promptUpsampling: true,
    });
    expect(at.sent.at(-1)?.url.pathname).toBe('/fal-ai/flux-2-flex/edit');
    expect(at.sent.at(-1)?.json).toMatchObject({
      ...{ prompt: '{"scene":"a harbour"}', enable_prompt_expansion: true },
      image_urls: [
        `data:image/webp;base64,${pictureBytes('webpLossy').toBase64()}`,
        `data:image/png;base64,${pictureBytes('png').toBase64()}`,
      ],
    });
    expect((await followed(at, ticket)).end.kind).toBe('ready');
  });

  it('is not sent where a reference cannot be read, or all of them are too large to be held', async () => {
    const at = vendor();
    const unreadable = { ...request, references: [referenceOf('c', 'image/png', 35)] };
    const reference = { ...referenceOf('d', 'image/png', 3000), sizeBytes: 13 * 1024 * 1024 };
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

  const answers: [string, number, unknown, object][] = [
    [
      'a lock that is not about money',
      403,
      { detail: 'User is locked. Reason: Admin lock.' },
      { reason: 'credentials' },
    ],
    ['words about money that are about a parameter', 422, { detail: 'seed: top up' }, { reason: 'invalid' }],
    [
      'moderation that is told at once',
      422,
      { detail: [{ loc: ['body', 'prompt'], msg: 'flagged', type: 'content_policy_violation' }] },
      { reason: 'moderated', isFinal: true },
    ],
    [
      'a parameter that is told at once',
      422,
      { detail: [{ loc: ['body', 'seed'], msg: 'bad', type: 'x' }] },
      { reason: 'invalid' },
    ],
  ];
  it.each(answers)('is refused on %s', async (_name, status, json, refusal) => {
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', ...refusal });
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
    ['a success that names no request', 200, { status: 'IN_QUEUE' }],
    ['a success of another shape', 200, 'queued'],
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
    const at = vendor({ apiKey: 'wrong-id:wrong-secret' });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(JSON.stringify(submission)).not.toContain('wrong-');
  });
});

describe('a capability', () => {
  it('is exact, adjusted or wanting as the model’s page says', () => {
    const fitFor = (changes: Parameters<typeof requestWith>[0]) => fitOf(falEntry.capability, requestWith(changes));
    const references = Array.from({ length: 10 }, () => referenceOf('a', 'image/png', 512));
    expect(fitFor({ width: 2048, height: 2048, references, steps: 2, guidance: 1.5 })).toEqual({ kind: 'exact' });
    expect(fitFor({ safetyTolerance: 0, steps: 1 })).toMatchObject({
      kind: 'adjusted',
      changes: ['steps: 2 instead of 1', 'safety_tolerance: 1 instead of 0'],
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
    expect(priceMicros(falEntry.capability.price, sized)).toBe(at.shop.billMicros);
  });
});
