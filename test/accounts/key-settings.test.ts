import { describe, expect, it } from 'vitest';
import { type ApiKey, keyLimitsSchema } from '../../src/accounts/api-key';
import { feeMicros } from '../../src/accounts/fee';
import { checkPermission, type KeyUse } from '../../src/accounts/key-permissions';
import { refuseBeyondKey } from '../../src/accounts/order-limits';
import { squareMegapixel } from '../../src/core/price';

const key: ApiKey = {
  id: 'key_1',
  kind: 'live',
  name: 'One',
  scopes: ['generate', 'read'],
  dialects: null,
  origins: null,
  limits: keyLimitsSchema.parse({}),
  expiresAt: null,
};
const use: KeyUse = { scopes: ['generate'], dialect: 'bfl', origin: null, needsSecret: false };
const origins = ['https://a.example', 'https://b.example'];

describe('what a key may be used for', () => {
  it.each<[string, Partial<ApiKey>, Partial<KeyUse>]>([
    ['a scope that it has', {}, {}],
    ['one of two scopes', { scopes: ['read'] }, { scopes: ['read', 'generate'] }],
    ['what needs no scope', { scopes: [] }, { scopes: [] }],
    ['its own dialect', { dialects: ['openai', 'bfl'] }, {}],
    ['a route of all dialects', { dialects: ['openai'] }, { dialect: null }],
    ['its own page', { origins }, { origin: 'https://b.example' }],
    ['any page, where it is bound to none', {}, { origin: 'https://evil.example' }],
  ])('is %s', (_name, ofKey, ofUse) => {
    expect(() => checkPermission({ ...key, ...ofKey }, { ...use, ...ofUse })).not.toThrow();
  });

  it.each<[string, Partial<ApiKey>, Partial<KeyUse>, string]>([
    ['another scope', { scopes: ['read'] }, {}, 'the scope generate; this key has read'],
    ['admin, which no other scope contains', {}, { scopes: ['admin'] }, 'the scope admin; this key has generate, read'],
    ['another dialect', { dialects: ['openai', 'fal'] }, {}, 'it works in openai, fal.'],
    ['no page', { origins }, { origin: null }, 'https://a.example, https://b.example'],
    ['another page', { origins }, { origin: 'https://a.example.evil.example' }, 'https://a.example, https://b.example'],
    ['the same host by another scheme', { origins }, { origin: 'http://a.example' }, 'Origin'],
    ['a page without an origin', { origins }, { origin: 'null' }, 'Origin'],
  ])('is not %s', (_name, ofKey, ofUse, told) => {
    const check = () => checkPermission({ ...key, ...ofKey }, { ...use, ...ofUse });
    expect(check).toThrow(expect.objectContaining({ code: 'forbidden', message: expect.stringContaining(told) }));
  });
});

describe('what a key may order', () => {
  const limited = { limits: keyLimitsSchema.parse({ maximumSteps: 20, maximumMegapixels: 1.05 }) };

  it('is everything up to its limits', () => {
    expect(() => refuseBeyondKey(limited, { ...squareMegapixel, steps: 20 })).not.toThrow();
    expect(() => refuseBeyondKey(key, { ...squareMegapixel, steps: 50, width: 2048, height: 2048 })).not.toThrow();
  });

  it.each([
    ['steps', { steps: 21 }, 'at most 20; 21 were asked for'],
    ['size', { steps: 4, width: 1040 }, 'at most 1.05 megapixels; these are 1.06'],
    ['size', { steps: 4, width: 1025, height: 1024 }, 'at most 1.05 megapixels; these are 1.06'],
  ])('is not more %s', (field, more, told) => {
    const refuse = () => refuseBeyondKey(limited, { ...squareMegapixel, ...more });
    expect(refuse).toThrow(
      expect.objectContaining({ code: 'forbidden', field, message: expect.stringContaining(told) }),
    );
  });
});

describe('the fee of a top-up', () => {
  it.each([
    [10_000_000, 0, 0],
    [10_000_000, 5.5, 550_000],
    [10_000_000, 2.9, 290_000],
    [1, 0.0001, 1],
    [101, 10, 11],
    [1_000_000_000_000, 33.3333, 333_333_000_000],
    [7, 100, 7],
  ])('on %i micro-dollars at %d percent is %i', (micros, percent, fee) => {
    expect(feeMicros(micros, percent)).toBe(fee);
  });
});
