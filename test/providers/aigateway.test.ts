import { describe, expect, it, vi } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { priceMicros } from '../../src/core/price';
import { aigatewayEntry } from '../../src/providers/aigateway';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { collected, type SimulatedVendorOptions, simulatedVendor } from '../support/simulated-vendor';
import { aigateway } from '../vendors/aigateway';
import { pngOf } from '../vendors/pictures';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1000, height: 250, seed: 4_294_967_295, guidance: 3.5 });
const picture = pngOf({ width: 1008, height: 256, seed: request.seed });

/** A vendor that answers without delay. */
function vendor(options: SimulatedVendorOptions = {}) {
  const at = simulatedVendor(aigatewayEntry, aigateway, options);
  at.shop.latencyMs = 0;
  return at;
}

/** What comes of a purchase that the vendor was told to fail. */
async function submissionOn(failure: Failure) {
  const at = vendor();
  at.shop.failWith(failure);
  return { at, submission: await at.provider.submit(request, at.context) };
}

describe('the request', () => {
  it('says every parameter, asks for PNG and for the next multiple of 16', async () => {
    const at = vendor();
    await at.provider.submit(request, at.context);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/images/generations`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${aigateway.key}`);
    expect(purchase?.json).toEqual({
      model: 'black-forest-labs/flux-2-flex',
      prompt: 'A brass orrery',
      n: 1,
      size: '1008x256',
      response_format: 'url',
      steps: 20,
      guidance: 3.5,
      seed: 4_294_967_295,
      prompt_upsampling: false,
      safety_tolerance: 2,
      output_format: 'png',
    });
  });

  it('sends one reference as image_url of an edit, below the base URL’s path', async () => {
    const files = new Map([['a'.repeat(64), pictureBytes('png')]]);
    const at = vendor({ files, baseUrl: 'https://api.aigateway.sh/v1' });
    await at.provider.submit({ ...request, references: [referenceOf('a', 'image/png', 35)] }, at.context);
    expect(at.sent.at(-1)?.url.href).toBe('https://api.aigateway.sh/v1/images/edits');
    expect(at.sent.at(-1)?.json).toMatchObject({
      image_url: `data:image/png;base64,${pictureBytes('png').toBase64()}`,
      prompt: 'A brass orrery',
      seed: 4_294_967_295,
    });
    expect(at.shop.billMicros).toBe(50_000);
  });

  it('sends nothing where the reference cannot be read, or is larger than the vendor takes', async () => {
    const at = vendor();
    const reference = referenceOf('c', 'image/png', 35);
    const unreadable = await at.provider.submit({ ...request, references: [reference] }, at.context);
    expect(unreadable).toMatchObject({ kind: 'refused', reason: 'unavailable', isFinal: false });
    const large = { ...reference, sizeBytes: 19 * 1024 * 1024 };
    const tooLarge = await at.provider.submit({ ...request, references: [large] }, at.context);
    expect(tooLarge).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(at.sent).toEqual([]);
  });
});

describe('a purchase', () => {
  it('is done with its answer, names where the picture is, and no charge, as none is reported', async () => {
    const at = vendor();
    const submission = await at.provider.submit(request, at.context);
    const [sale] = at.shop.sales.values();
    const output = { url: `${at.origin}/img/${sale?.id}.png` };
    expect(submission).toEqual({ kind: 'done', output, charge: null, bytes: null });
    expect(at.shop.billMicros).toBe(priceMicros(aigatewayEntry.capability.price, request));
  });

  it('takes base64 where that is sent instead of a URL', async () => {
    const json = { created: 1, data: [{ b64_json: picture.toBase64() }] };
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status: 200, json } : null) });
    expect(await at.provider.submit(request, at.context)).toEqual({
      ...{ kind: 'done', charge: null, output: {} },
      bytes: picture,
    });
  });

  it('was sold even where its base64 cannot be read', async () => {
    const json = { data: [{ b64_json: '***' }] };
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status: 200, json } : null) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done', bytes: null });
    await expect(at.provider.collect({}, request, at.context)).rejects.toMatchObject({ code: 'provider_failed' });
  });

  const refusals: [Failure, string, string][] = [
    ['refuse', 'invalid', 'no_provider'],
    ['bad-key', 'credentials', 'unavailable'],
    ['credit', 'credit', 'unavailable'],
    ['rate-limit', 'busy', 'unavailable'],
    ['rate-limit-retry-after', 'busy', 'unavailable'],
    ['error-before', 'unavailable', 'unavailable'],
    ['unavailable-before', 'unavailable', 'unavailable'],
    ['fail-after', 'unavailable', 'unavailable'],
  ];
  it.each(refusals)('is refused and leaves room for another provider on %s', async (failure, reason, code) => {
    const { at, submission } = await submissionOn(failure);
    expect(submission).toMatchObject({ kind: 'refused', reason, isFinal: false, fault: { code } });
    expect(at.shop.billMicros).toBe(0);
    const seconds = submission.kind === 'refused' ? submission.fault.retryAfterSeconds : undefined;
    expect(seconds).toBe(failure === 'rate-limit-retry-after' ? 1 : undefined);
    expect(JSON.stringify(submission)).not.toContain(aigateway.key);
  });

  it('ends for good where the request is moderated', async () => {
    const { at, submission } = await submissionOn('moderate-request');
    expect(submission).toMatchObject({ kind: 'refused', reason: 'moderated', isFinal: true });
    expect(at.shop.billMicros).toBe(0);
  });

  it('was charged where the picture is moderated, and says so when it is collected', async () => {
    const { at, submission } = await submissionOn('moderate-output');
    expect(submission).toEqual({ kind: 'done', output: { isWithheld: true }, charge: null, bytes: null });
    expect(at.shop.billMicros).toBe(50_000);
    await expect(at.provider.collect({ isWithheld: true }, request, at.context)).rejects.toMatchObject({
      code: 'moderated_output',
    });
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
    const { at, submission } = await submissionOn(failure);
    expect(submission).toMatchObject({ kind: 'unknown', fault: { code: 'outcome_unknown' } });
    expect(at.shop.sales.size).toBe(sales);
  });

  it.each<Failure>(['time-out', 'never-finish'])(
    'has an outcome that nobody knows when no answer comes in five minutes: %s',
    async (failure) => {
      vi.useFakeTimers();
      try {
        const pending = submissionOn(failure);
        await vi.advanceTimersByTimeAsync(301_000);
        expect((await pending).submission).toMatchObject({ kind: 'unknown' });
        expect((await pending).at.shop.sales.size).toBe(1);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it.each([
    ['an error in a 200', 200, { error: { type: 'server_error', message: 'no' } }, 'unavailable'],
    ['a wrong key in a 200', 200, { error: { type: 'authentication_error', message: 'no' } }, 'credentials'],
    ['an unknown model', 404, { error: { type: 'not_found', code: 404, message: 'no' } }, 'unavailable'],
    ['a spent budget in a 400', 400, { error: { type: 'insufficient_credits', message: 'no' } }, 'credit'],
  ])('is refused on %s', async (_name, status, json, reason) => {
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason });
  });

  it.each([
    ['a 504 in its own shape', 504, { error: { type: 'server_error', message: 'timed out' } }],
    ['a 200 without a picture', 200, { created: 1, data: [] }],
    ['a 200 with an empty URL', 200, { created: 1, data: [{ url: '' }] }],
  ])('has an outcome that nobody knows on %s', async (_name, status, json) => {
    const at = vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a picture', () => {
  it.each<[Failure, number]>([
    ['none', 0],
    ['truncated-picture', 2],
    ['wrong-type', 2],
    ['expired-url', 2],
    ['redirect-private', 2],
  ])('is collected without the key, again after trouble: %s', async (failure, failedDownloads) => {
    const { at, submission } = await submissionOn(failure);
    const output = submission.kind === 'done' ? submission.output : {};
    const isWhole = (bytes: Uint8Array) => bytes.length === picture.length;
    expect(await collected(at, output, request, isWhole)).toEqual({ bytes: picture, failedDownloads });
    const downloads = at.sent.filter(({ url }) => url.pathname.startsWith('/img/'));
    expect(downloads).toHaveLength(failedDownloads + 1);
    expect(downloads.every(({ headers }) => !headers.has('authorization'))).toBe(true);
    expect(at.shop.sales.size).toBe(1);
  });
});

describe('a capability', () => {
  it('is exact for whatever the model takes with one reference, and cannot take two', () => {
    const references = [referenceOf('a', 'image/png', 512), referenceOf('b', 'image/png', 512)];
    const exact = requestWith({ references: references.slice(1), steps: 1, guidance: 1.5, safetyTolerance: 5 });
    expect(fitOf(aigatewayEntry.capability, exact)).toEqual({ kind: 'exact' });
    expect(fitOf(aigatewayEntry.capability, requestWith({ references }))).toEqual({
      kind: 'cannot',
      reasons: ['takes at most 1 references, not 2'],
    });
  });
});
