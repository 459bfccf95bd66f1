import { describe, expect, it, vi } from 'vitest';
import type { ImageRequest } from '../../src/core/image-request';
import { priceMicros } from '../../src/core/price';
import type { ProviderEntry } from '../../src/core/provider';
import { renderSize } from '../../src/core/size';
import { pngOf } from '../vendors/pictures';
import type { Failure, Simulator } from '../vendors/simulator';
import { collected, type SimulatedVendor, type SimulatedVendorOptions, simulatedVendor } from './simulated-vendor';

/** A vendor that delivers at once, and a request that it makes exactly. */
export interface AtOnceVendor {
  readonly entry: ProviderEntry;
  readonly simulator: Simulator;
  readonly request: ImageRequest;
}

/** The vendor with no time between purchase and picture. */
export function promptVendor(
  { entry, simulator }: Pick<AtOnceVendor, 'entry' | 'simulator'>,
  options: SimulatedVendorOptions = {},
): SimulatedVendor {
  const at = simulatedVendor(entry, simulator, options);
  at.shop.latencyMs = 0;
  return at;
}

/** What every vendor that delivers at once is held to, whatever its shapes are. */
export function describeAtOncePurchases(vendor: AtOnceVendor): void {
  describe('a purchase', () => {
    describeSales(vendor);
    describeRefusals(vendor);
    describeLosses(vendor);
  });
  describe('a picture', () => describeDownloads(vendor));
}

async function submissionOn({ request, ...vendor }: AtOnceVendor, failure: Failure) {
  const at = promptVendor(vendor);
  at.shop.failWith(failure);
  return { at, submission: await at.provider.submit(request, at.context) };
}

function describeSales(vendor: AtOnceVendor): void {
  const { entry, simulator, request } = vendor;

  it('is done with its answer, which names where the picture is and no charge, as none is reported', async () => {
    const { at, submission } = await submissionOn(vendor, 'none');
    const url = expect.stringMatching(new RegExp(`^${at.origin}/.+\\.png`));
    expect(submission).toEqual({ kind: 'done', output: { url }, charge: null, bytes: null });
    expect(at.shop.billMicros).toBe(priceMicros(entry.capability.price, request));
    expect(JSON.stringify(submission)).not.toContain(simulator.key);
  });

  it('was charged where the picture is moderated, and says so when it is collected', async () => {
    const { at, submission } = await submissionOn(vendor, 'moderate-output');
    expect(submission).toMatchObject({ kind: 'done', charge: null, bytes: null });
    expect(at.shop.billMicros).toBe(priceMicros(entry.capability.price, request));
    const output = submission.kind === 'done' ? submission.output : {};
    const collecting = at.provider.collect(output, request, at.context);
    await expect(collecting).rejects.toMatchObject({ code: 'moderated_output' });
  });
}

function describeRefusals(vendor: AtOnceVendor): void {
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
    const { at, submission } = await submissionOn(vendor, failure);
    expect(submission).toMatchObject({ kind: 'refused', reason, isFinal: false, fault: { code } });
    expect(at.shop.billMicros).toBe(0);
    const seconds = submission.kind === 'refused' ? submission.fault.retryAfterSeconds : undefined;
    expect(seconds).toBe(failure === 'rate-limit-retry-after' ? 1 : undefined);
  });

  it('ends for good where the request is moderated', async () => {
    const { at, submission } = await submissionOn(vendor, 'moderate-request');
    expect(submission).toMatchObject({ kind: 'refused', reason: 'moderated', isFinal: true });
    expect(at.shop.sales.size).toBe(0);
  });

  it('is refused with a key that the vendor does not know, and does not repeat it', async () => {
    const at = promptVendor(vendor, { apiKey: 'not-the-right-key' });
    const submission = await at.provider.submit(vendor.request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(JSON.stringify(submission)).not.toContain('not-the-right-key');
  });

  it('is refused, and nothing is sent, when the vendor cannot be reached', async () => {
    const at = promptVendor(vendor, { intercept: () => ({ status: 0, isHangUp: true }) });
    const submission = await at.provider.submit(vendor.request, at.context);
    expect(submission).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    expect(at.sent.map(({ method }) => method)).toEqual(['HEAD']);
  });
}

function describeLosses(vendor: AtOnceVendor): void {
  const losses: [Failure, number][] = [
    ['hang-up-before', 0],
    ['hang-up-after', 1],
    ['error-after', 1],
    ['bad-gateway-after', 1],
    ['html', 1],
    ['garbage', 1],
  ];
  it.each(losses)('has an outcome that nobody knows on %s', async (failure, sales) => {
    const { at, submission } = await submissionOn(vendor, failure);
    expect(submission).toMatchObject({ kind: 'unknown', fault: { code: 'outcome_unknown' } });
    expect(at.shop.sales.size).toBe(sales);
  });

  it.each<Failure>(['time-out', 'never-finish'])(
    'has an outcome that nobody knows when no answer comes in five minutes: %s',
    async (failure) => {
      vi.useFakeTimers();
      try {
        const pending = submissionOn(vendor, failure);
        await vi.advanceTimersByTimeAsync(301_000);
        expect((await pending).submission).toMatchObject({ kind: 'unknown' });
        expect((await pending).at.shop.sales.size).toBe(1);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it('has one sooner where the render may not take so long, and nothing is sent once its time is over', async () => {
    vi.useFakeTimers();
    try {
      const submissionWithin = (seconds: number) => {
        const at = promptVendor(vendor);
        at.shop.failWith('never-finish');
        const context = { ...at.context, endsBy: at.context.now() + seconds * 1000 };
        return { at, pending: at.provider.submit(vendor.request, context) };
      };
      const short = submissionWithin(20);
      await vi.advanceTimersByTimeAsync(21_000);
      expect(await Promise.race([short.pending, Promise.resolve(null)])).toMatchObject({ kind: 'unknown' });
      expect(short.at.shop.sales.size).toBe(1);
      const over = submissionWithin(0);
      expect(await over.pending).toMatchObject({ kind: 'refused', reason: 'unavailable', isFinal: false });
      expect(over.at.shop.sales.size).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['a message in no shape of its own', 500, { message: 'Internal server error' }],
    ['a 200 that says nothing', 200, {}],
    ['a 200 of something else', 200, { status: 'ok', data: [] }],
  ])('has an outcome that nobody knows on %s', async (_name, status, json) => {
    const at = promptVendor(vendor, { intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });
    expect(await at.provider.submit(vendor.request, at.context)).toMatchObject({ kind: 'unknown' });
  });
}

function describeDownloads(vendor: AtOnceVendor): void {
  const { request, simulator } = vendor;
  const picture = pngOf({ ...renderSize(request), seed: request.seed });

  it.each<[Failure, number]>([
    ['none', 0],
    ['truncated-picture', 2],
    ['wrong-type', 2],
    ['expired-url', 2],
    ['redirect-private', 2],
  ])('is collected without the key, again after trouble: %s', async (failure, failedDownloads) => {
    const { at, submission } = await submissionOn(vendor, failure);
    const output = submission.kind === 'done' ? submission.output : {};
    const isWhole = (bytes: Uint8Array) => bytes.length === picture.length;
    expect(await collected(at, output, request, isWhole)).toEqual({ bytes: picture, failedDownloads });
    const downloads = at.sent.filter(({ method }) => method === 'GET');
    expect(downloads).toHaveLength(failedDownloads + 1);
    expect(JSON.stringify(downloads.map(({ headers }) => [...headers]))).not.toContain(simulator.key);
    expect(at.sent.every(({ url }) => url.origin === at.origin)).toBe(true);
    expect(at.shop.sales.size).toBe(1);
  });
}
