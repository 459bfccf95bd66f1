import { describe, expect, it, vi } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { priceMicros } from '../../src/core/price';
import { cloudflareAiEntry } from '../../src/providers/cloudflare-ai';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { collected, type SimulatedVendorOptions, simulatedVendor } from '../support/simulated-vendor';
import { cloudflareAi, cloudflareAiAccount } from '../vendors/cloudflare-ai';
import { pngOf } from '../vendors/pictures';
import type { Failure } from '../vendors/simulator';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1000, height: 250, seed: 4_294_967_295, guidance: 3.5 });
const picture = pngOf({ width: 1008, height: 256, seed: request.seed });

/** A vendor that answers without delay. */
function vendor(options: SimulatedVendorOptions = {}) {
  const at = simulatedVendor(cloudflareAiEntry, cloudflareAi, { accountId: cloudflareAiAccount, ...options });
  at.shop.latencyMs = 0;
  return at;
}

/** A vendor whose purchases are answered so. */
const answering = (json: unknown, status = 200) =>
  vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });

async function submissionOn(failure: Failure) {
  const at = vendor();
  at.shop.failWith(failure);
  return { at, submission: await at.provider.submit(request, at.context) };
}

describe('the request', () => {
  it('goes to the account with the token, and says every parameter', async () => {
    const at = vendor();
    await at.provider.submit(request, at.context);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/client/v4/accounts/${cloudflareAiAccount}/ai/run`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${cloudflareAi.key}`);
    expect(purchase?.json).toEqual({
      model: 'black-forest-labs/flux-2-flex',
      input: {
        prompt: 'A brass orrery',
        prompt_upsampling: false,
        width: 1008,
        height: 256,
        steps: 20,
        guidance: 3.5,
        seed: 4_294_967_295,
        safety_tolerance: 2,
        output_format: 'png',
      },
    });
  });

  it('sends references in their order as data URIs', async () => {
    const files = new Map([
      ['a'.repeat(64), pictureBytes('png')],
      ['b'.repeat(64), pictureBytes('webpLossy')],
    ]);
    const at = vendor({ files });
    const references = [referenceOf('b', 'image/webp', 35), referenceOf('a', 'image/png', 35)];
    expect(await at.provider.submit({ ...request, references }, at.context)).toMatchObject({ kind: 'done' });
    expect(at.sent.at(-1)?.json).toMatchObject({
      input: {
        input_images: [
          `data:image/webp;base64,${pictureBytes('webpLossy').toBase64()}`,
          `data:image/png;base64,${pictureBytes('png').toBase64()}`,
        ],
      },
    });
  });

  it('sends nothing without an account, and tells the operator which setting is missing', async () => {
    const at = simulatedVendor(cloudflareAiEntry, cloudflareAi);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'credentials', isFinal: false });
    expect(submission).toHaveProperty('note', expect.stringContaining('CLOUDFLARE_ACCOUNT_ID'));
    expect(at.sent).toEqual([]);
  });

  it('takes the account from a token that carries it, as a caller’s own does', async () => {
    const apiKey = `${cloudflareAiAccount}:${cloudflareAi.key}`;
    const at = vendor({ apiKey, accountId: 'f'.repeat(32) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done' });
  });

  it('repeats no token, not even where the vendor’s words do', async () => {
    const json = { success: false, errors: [{ code: 5004, message: `not with ${cloudflareAi.key}` }], result: null };
    const at = vendor({
      apiKey: `${cloudflareAiAccount}:${cloudflareAi.key}`,
      intercept: ({ method }) => (method === 'POST' ? { status: 400, json } : null),
    });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect(JSON.stringify(submission)).not.toContain(cloudflareAi.key);
  });
});

describe('a purchase', () => {
  it('is done with its answer, without a charge, as none is reported', async () => {
    const at = vendor();
    const submission = await at.provider.submit(request, at.context);
    const [sale] = at.shop.sales.values();
    const output = { url: `${at.origin}/delivery/${sale?.id}.png` };
    expect(submission).toEqual({ kind: 'done', output, charge: null, bytes: null });
    expect(at.shop.billMicros).toBe(priceMicros(cloudflareAiEntry.capability.price, request));
  });

  const url = 'https://example.com/a.png';
  it.each([
    ['bare', { state: 'Completed', result: { image: url }, gatewayMetadata: {} }],
    ['in the envelope', { success: true, errors: [], result: { state: 'Completed', result: { image: url } } }],
    ['in the envelope of older models', { success: true, result: { image: url } }],
  ])('is done with an answer %s', async (_name, json) => {
    const at = answering(json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done', output: { url } });
  });

  it.each([
    ['a data URI', `data:image/png;base64,${picture.toBase64()}`],
    ['base64', picture.toBase64()],
  ])('takes %s for the picture', async (_name, image) => {
    const at = answering({ state: 'Completed', result: { image } });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done', output: {}, bytes: picture });
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
    expect(JSON.stringify(submission)).not.toContain(cloudflareAi.key);
  });

  it('is refused as a matter of credentials where the token is for another account', async () => {
    const at = vendor({ accountId: 'f'.repeat(32) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason: 'credentials' });
  });

  it.each([
    ['a code', { success: false, errors: [{ code: 2016, message: 'blocked' }], result: null }, 400],
    ['a state', { state: 'Request Moderated', result: null }, 200],
    ['a state in one word', { success: true, result: { state: 'RequestModerated' } }, 200],
  ])('ends for good where the request is moderated, told by %s', async (_name, json, status) => {
    const at = answering(json, status);
    expect(await at.provider.submit(request, at.context)).toMatchObject({
      ...{ kind: 'refused', reason: 'moderated', isFinal: true },
      fault: { code: 'moderated_request' },
    });
  });

  it.each([
    ['a code', { success: false, errors: [{ code: '2017', message: 'blocked' }], result: null }, 400],
    ['a state', { success: true, result: { state: 'content_moderated', result: {} } }, 200],
  ])('was charged where the picture is moderated, told by %s', async (_name, json, status) => {
    const at = answering(json, status);
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toEqual({ kind: 'done', output: { isWithheld: true }, charge: null, bytes: null });
    await expect(at.provider.collect({ isWithheld: true }, request, at.context)).rejects.toMatchObject({
      code: 'moderated_output',
    });
  });

  it('bills a picture that is moderated', async () => {
    const { at, submission } = await submissionOn('moderate-output');
    expect(submission).toMatchObject({ kind: 'done', output: { isWithheld: true } });
    expect(at.shop.billMicros).toBe(50_000);
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

  it.each([3007, 3008])('has an outcome that nobody knows where the platform itself gave up: %i', async (code) => {
    const at = answering({ success: false, errors: [{ code, message: 'Request timeout' }], result: null }, 408);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
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
});

describe('a picture', () => {
  it.each<[Failure, number]>([
    ['none', 0],
    ['truncated-picture', 2],
    ['wrong-type', 2],
    ['expired-url', 2],
    ['redirect-private', 2],
  ])('is collected without the token, again after trouble: %s', async (failure, failedDownloads) => {
    const { at, submission } = await submissionOn(failure);
    const output = submission.kind === 'done' ? submission.output : {};
    const isWhole = (bytes: Uint8Array) => bytes.length === picture.length;
    expect(await collected(at, output, request, isWhole)).toEqual({ bytes: picture, failedDownloads });
    const downloads = at.sent.filter(({ url }) => url.pathname.startsWith('/delivery/'));
    expect(downloads).toHaveLength(failedDownloads + 1);
    expect(downloads.every(({ headers }) => !headers.has('authorization'))).toBe(true);
    expect(at.shop.sales.size).toBe(1);
  });
});

describe('a capability', () => {
  it('is exact with up to 8 references, and cannot take more', () => {
    const references = Array.from({ length: 9 }, () => referenceOf('a', 'image/png', 512));
    const { capability } = cloudflareAiEntry;
    expect(fitOf(capability, requestWith({ references: references.slice(1) }))).toEqual({ kind: 'exact' });
    expect(fitOf(capability, requestWith({ references }))).toMatchObject({ kind: 'cannot' });
  });
});
