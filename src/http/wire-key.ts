import * as z from 'zod';
import { type ApiKey, type KeyLimits, keyKinds, keyLimitsSchema, scopes } from '../accounts/api-key';
import type { StoredApiKey } from '../accounts/stored-key';
import type { WireKey, WireKeyLimits } from '../core/wire/api-key';
import { isoTime } from '../core/wire/values';

const { dayMicros, totalMicros, requestsPerMinute, maximumSteps, maximumMegapixels } = keyLimitsSchema.shape;

const limitsSchema = z.strictObject({
  day_micros: dayMicros,
  total_micros: totalMicros,
  requests_per_minute: requestsPerMinute,
  maximum_steps: maximumSteps,
  maximum_megapixels: maximumMegapixels,
});

const originSchema = z
  .string()
  .max(255)
  .refine(isWebOrigin, 'expected an origin such as https://example.com, without a path.');

/** What a key is made from. `dialects` are the ids of those that a key can be bound to. */
export function newKeySchema(dialects: readonly string[]) {
  const dialectSchema = z.enum(dialects, `expected one of ${dialects.join(', ')}.`);
  return z
    .strictObject({
      kind: z.enum(keyKinds, `expected ${keyKinds.join(' or ')}.`).default('live'),
      name: z.string('expected a text.').trim().min(1, 'expected a name.').max(200, 'expected at most 200 characters.'),
      scopes: z
        .array(z.enum(scopes, `expected one of ${scopes.join(', ')}.`))
        .min(1, 'expected at least one scope.')
        .optional(),
      dialects: z
        .array(dialectSchema)
        .min(1, 'expected at least one dialect, or null for all.')
        .nullable()
        .default(null),
      origins: z
        .array(originSchema)
        .min(1, 'expected at least one origin, or null for any.')
        .max(50)
        .nullable()
        .default(null),
      limits: limitsSchema.prefault({}),
      expires_at: z.iso
        .datetime({ offset: true, error: 'expected a time such as 2030-01-31T00:00:00Z.' })
        .refine((time) => Date.parse(time) > Date.now(), 'expected a time in the future.')
        .nullable()
        .default(null),
    })
    .refine(({ kind, origins }) => kind !== 'pub' || origins !== null, {
      path: ['origins'],
      message: 'expected the origins of the pages that a pub key stands in.',
    })
    .refine((key) => key.kind === 'live' || key.scopes?.includes('admin') !== true, {
      path: ['scopes'],
      message: 'a key that stands in pages or signs links cannot have the scope admin.',
    });
}

/** A key's settings as the account keeps them. Keys in web pages only order, unless they are made to do more. */
export function settingsOf(wire: z.output<ReturnType<typeof newKeySchema>>): Omit<ApiKey, 'id'> {
  const { kind, name, dialects, origins, limits, expires_at: expiresAt } = wire;
  const usual = kind !== 'live' ? (['generate'] as const) : (['generate', 'read'] as const);
  return {
    ...{ kind, name, origins, dialects },
    scopes: [...new Set(wire.scopes ?? usual)],
    limits: {
      ...(kind === 'pub'
        ? pageLimits(limits)
        : { dayMicros: limits.day_micros, requestsPerMinute: limits.requests_per_minute }),
      totalMicros: limits.total_micros,
      maximumSteps: limits.maximum_steps,
      maximumMegapixels: limits.maximum_megapixels,
    },
    expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
  };
}

/** Everybody can copy a key out of a page: without a budget and a rate of its own it gets small ones. */
function pageLimits(limits: z.output<typeof limitsSchema>): Pick<KeyLimits, 'dayMicros' | 'requestsPerMinute'> {
  const usual = limits.total_micros === null ? usualPageDayMicros : null;
  return {
    dayMicros: limits.day_micros ?? usual,
    requestsPerMinute: limits.requests_per_minute ?? usualPageRequestsPerMinute,
  };
}
const usualPageDayMicros = 1_000_000;
const usualPageRequestsPerMinute = 10;

/** A key as our own routes show it: never its secret. */
export function wireKey(key: Omit<StoredApiKey, 'createdAt'> & { readonly createdAt: number | null }): WireKey {
  const { id, accountId, kind, name, hint, scopes: allowed, dialects, origins, limits } = key;
  return {
    object: 'api_key',
    ...{ id, account: accountId, kind, name, hint, scopes: allowed, dialects, origins },
    limits: wireKeyLimits(limits),
    created_at: isoTime(key.createdAt),
    expires_at: isoTime(key.expiresAt),
    revoked_at: isoTime(key.revokedAt),
  };
}

export function wireKeyLimits(limits: KeyLimits): WireKeyLimits {
  return {
    day_micros: limits.dayMicros,
    total_micros: limits.totalMicros,
    requests_per_minute: limits.requestsPerMinute,
    maximum_steps: limits.maximumSteps,
    maximum_megapixels: limits.maximumMegapixels,
  };
}

function isWebOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  // Nothing stands for several: a star would look as if it did.
  return origin === text && !text.includes('*') && (protocol === 'https:' || protocol === 'http:');
}
