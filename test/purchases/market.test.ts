import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capability } from '../../src/core/capability';
import type { Fault } from '../../src/core/fault';
import { fitOf } from '../../src/core/fit';
import { type ImageRequest, limits } from '../../src/core/image-request';
import { choose, offersFor, type Preference, type Route } from '../../src/core/market';
import { squareMegapixel } from '../../src/core/price';
import type { Provider } from '../../src/core/provider';
import { renderSize } from '../../src/core/size';
import { ConfigError, readConfig } from '../../src/env/config';
import { bflEntry } from '../../src/providers/bfl';
import { providerEntries } from '../../src/providers/registry';
import { referenceOf, requestWith } from '../providers/sandbox/requests';

const anybody: Preference = { provider: null, bringsKey: false, allowsNearest: false };
const settings = { apiKey: 'key', baseUrl: 'http://127.0.0.1', accountId: null, ai: null };

/** A provider as BFL is, but for what it can make. */
function providerWith(id: string, changes: Partial<Capability> = {}): Provider {
  return { ...bflEntry.create(settings), id, title: id, capability: { ...bflEntry.capability, ...changes } };
}
const flat = (pictureMicros: number) => ({ price: { kind: 'flat', pictureMicros } }) as const;
const dear = providerWith('dear', flat(90_000));
const cheap = providerWith('cheap', flat(10_000));
const coarse = providerWith('coarse', { ...flat(1_000), steps: { kind: 'choices', values: [25, 50] } });
const few = requestWith({ steps: 30 });

function chosen(providers: readonly Provider[], route: Route, preference = anybody, request: ImageRequest = few) {
  return choose(offersFor(providers, request, { route, preference }), request, preference);
}

describe('a route', () => {
  it('by order keeps to the order, and by latency leaves it to the gate', () => {
    expect(chosen([dear, cheap], 'order').offer).toMatchObject({ provider: { id: 'dear' }, priceMicros: 90_000 });
    expect(chosen([dear, cheap], 'latency').offer.provider.id).toBe('dear');
  });

  it('by price asks the cheapest for this very request', () => {
    const byMegapixel = providerWith('bfl');
    const threshold = providerWith('flat', flat(60_000));
    const sized = (edge: number) => requestWith({ width: edge, height: edge });
    expect(chosen([threshold, byMegapixel], 'price', anybody, sized(1024)).offer.provider.id).toBe('bfl');
    expect(chosen([threshold, byMegapixel], 'price', anybody, sized(2048)).offer.provider.id).toBe('flat');
  });

  it.each(['order', 'price', 'latency'] as const)('by %s puts the exact before the cheap', (route) => {
    const preference = { ...anybody, allowsNearest: true };
    expect(chosen([coarse, dear], route, preference)).toMatchObject({
      changes: [],
      offer: { provider: { id: 'dear' } },
    });
  });

  it('takes what comes nearest only from who allows it', () => {
    const nearest = chosen([coarse], 'order', { ...anybody, allowsNearest: true });
    expect(nearest).toMatchObject({ request: { steps: 25 }, changes: ['steps: 25 instead of 30'] });
    expect(() => chosen([coarse], 'order')).toThrow(/coarse: steps: 25 instead of 30.*x-fluxgate-fit: nearest/);
  });

  it('asks only the one that was asked for', () => {
    const preference = { ...anybody, provider: 'dear' };
    expect(chosen([cheap, dear], 'price', preference).offer.provider.id).toBe('dear');
    expect(() => chosen([cheap], 'order', preference)).toThrow(/x-fluxgate-provider: there is no provider "dear" here/);
  });

  it('says of each provider why it cannot, where none can', () => {
    const references = Array.from({ length: 9 }, () => referenceOf('a', 'image/png', 256));
    const request = requestWith({ references, steps: 30 });
    const fault = thrownBy(() => chosen([dear, providerWith('none', { references: 0 })], 'order', anybody, request));
    expect(fault).toMatchObject({ code: 'no_provider', status: 400 });
    expect(fault.details.issues).toEqual([
      { path: ['dear'], message: 'takes at most 8 references, not 9' },
      { path: ['none'], message: 'takes at most 0 references, not 9' },
    ]);
    expect(fault.message).not.toContain('nearest');
  });
});

const requests: fc.Arbitrary<ImageRequest> = fc
  .record({
    width: fc.integer(limits.edgePixels),
    height: fc.integer(limits.edgePixels),
    steps: fc.integer(limits.steps),
    guidance: fc.integer({ min: 15, max: 100 }).map((tenths) => tenths / 10),
    safetyTolerance: fc.integer(limits.safetyTolerance),
    promptUpsampling: fc.boolean(),
    references: fc.array(fc.constant(referenceOf('a', 'image/png', 256)), { maxLength: limits.references }),
  })
  .map((changes) => ({ ...squareMegapixel, ...changes }))
  .filter((request) => renderSize(request).width * renderSize(request).height <= limits.areaPixels);

describe.each([...providerEntries.map(({ id, capability }) => ({ id, capability })), seedless()])(
  '$id',
  ({ capability }) => {
    it('can make exactly what it offers instead of what it cannot', () => {
      fc.assert(
        fc.property(requests, (request) => {
          const fit = fitOf(capability, request);
          if (fit.kind !== 'adjusted') return;
          expect(fit.changes.length).toBeGreaterThan(0);
          expect(fitOf(capability, fit.request)).toEqual({ kind: 'exact' });
        }),
      );
    });
  },
);

/** No vendor of today's is like this: the picture could not be asked for again. */
function seedless() {
  return { id: 'a vendor that takes no seed', capability: { ...bflEntry.capability, takesSeed: false } };
}

describe('a setting', () => {
  const secret = { SIGNING_SECRET: 'a secret of enough characters' };
  it.each([
    ['PROVIDERS names "dall-e", which does not exist', { PROVIDERS: 'bfl, dall-e', BFL_API_KEY: 'k' }],
    ['PROVIDERS names "fal", but FAL_API_KEY is not set', { PROVIDERS: 'fal', BFL_API_KEY: 'k' }],
    ['ROUTE must be one of order, price, latency', { ROUTE: 'random' }],
    ['ON_UNKNOWN must be fail or rebuy', { ON_UNKNOWN: 'hope' }],
    ['ADMIN_TOKEN needs at least 32 characters', { ADMIN_TOKEN: 'x'.repeat(31) }],
    ['ADMIN_TOKEN must be printable ASCII without spaces', { ADMIN_TOKEN: `${'x'.repeat(32)} y` }],
    ['TOP_UP_FEE_PERCENT must be a percentage from 0 to 100', { TOP_UP_FEE_PERCENT: 'ten' }],
    ['TOP_UP_FEE_PERCENT must be a percentage from 0 to 100', { TOP_UP_FEE_PERCENT: '101' }],
    ['WAIT_SECONDS must be a number of seconds from 0 to 600', { WAIT_SECONDS: 'abc' }],
    ['WAIT_SECONDS must be a number of seconds from 0 to 600', { WAIT_SECONDS: '601' }],
    ['RENDER_DEADLINE_SECONDS must be a number of seconds from 0 to 86400', { RENDER_DEADLINE_SECONDS: '-1' }],
    ['SANDBOX_LATENCY_MS must be a number of milliseconds from 0 to 600000', { SANDBOX_LATENCY_MS: 'x' }],
    ['ANONYMOUS_DAY_MICROS must be a whole number of micro-dollars from 0 to', { ANONYMOUS_DAY_MICROS: '1.5' }],
    [
      'ANONYMOUS_REQUESTS_PER_MINUTE must be a whole number of requests from 1 to 1000000',
      { ANONYMOUS_REQUESTS_PER_MINUTE: '0' },
    ],
    ['PRIVATE_URL_SECONDS must be a whole number of seconds from 60 to 604800', { PRIVATE_URL_SECONDS: '1' }],
    ['PICTURE_RETENTION_DAYS must be a whole number of days from 0 to 36500', { PICTURE_RETENTION_DAYS: 'ever' }],
    ['RETENTION_DAYS must be a whole number of days from 0 to 36500', { RETENTION_DAYS: '36501' }],
    [
      'configured: HIT_PRICE_MICROS must be a whole number of micro-dollars from 0 to 1000000000.',
      { HIT_PRICE_MICROS: '1e300' },
    ],
    ['BFL_BASE_URL must be an http or https URL', { BFL_API_KEY: 'k', BFL_BASE_URL: 'api.bfl.ai' }],
  ])('that is wrong stops the start: %s', (sentence, environment) => {
    const start = () => readConfig({ ...secret, ...environment }, providerEntries);
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(sentence);
  });

  it('of PROVIDERS is the order in which they are asked', () => {
    const environment = { ...secret, PROVIDERS: 'cometapi,bfl', BFL_API_KEY: 'k', COMETAPI_API_KEY: 'k' };
    const { providers, usesSandbox } = readConfig(environment, providerEntries);
    expect(providers.map(({ entry }) => entry.id)).toEqual(['cometapi', 'bfl']);
    expect(usesSandbox).toBe(false);
  });
});

function thrownBy(call: () => unknown): Fault {
  try {
    call();
  } catch (thrown) {
    return thrown as Fault;
  }
  throw new Error('Nothing was thrown.');
}
