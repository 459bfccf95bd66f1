import * as z from 'zod';
import { parse } from '../core/parse';
import type { CallerPreference } from '../pipeline/ports';

const keyExpected = 'expected 1 to 255 characters.';
const providerKeyExpected = 'expected 1 to 1,024 characters.';

/** A vendor key, of what a header can carry, as it goes out in one. What was sent is never part of a message. */
export const vendorKeySchema = z
  .string('expected a text.')
  .trim()
  .min(1, providerKeyExpected)
  .max(1024, providerKeyExpected)
  .regex(/^[\x21-\x7e]*$/, 'expected printable ASCII characters without spaces.');

export const preferenceSchema = z
  .object({
    'x-fluxgate-provider': z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a provider.')
      .nullable()
      .describe('This provider and no other.'),
    'x-fluxgate-fit': z
      .enum(['exact', 'nearest'], 'expected exact or nearest.')
      .nullable()
      .describe('`nearest` takes what comes closest where no provider makes exactly this.'),
    'idempotency-key': z.string().min(1, keyExpected).max(255, keyExpected).nullable(),
    'x-provider-key': vendorKeySchema.nullable().describe('The caller’s own key of that provider.'),
  })
  .refine((headers) => headers['x-provider-key'] === null || headers['x-fluxgate-provider'] !== null, {
    path: ['x-provider-key'],
    message: 'expected x-fluxgate-provider beside it, to say whose key it is.',
  });

/** The headers by which a caller of any dialect says who is to make the picture. @throws Fault naming the header. */
export function readPreference(headers: Headers): CallerPreference {
  const names = ['x-fluxgate-provider', 'x-fluxgate-fit', 'x-provider-key', 'idempotency-key'] as const;
  const given = parse(preferenceSchema, Object.fromEntries(names.map((name) => [name, headers.get(name)])));
  const providerKey = given['x-provider-key'];
  return {
    provider: given['x-fluxgate-provider'],
    bringsKey: providerKey !== null,
    allowsNearest: given['x-fluxgate-fit'] === 'nearest',
    providerKey,
    idempotencyKey: given['idempotency-key'],
    isRetry: Number(headers.get('x-stainless-retry-count') ?? 0) > 0,
  };
}
