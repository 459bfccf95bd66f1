import * as z from 'zod';
import { micros, time } from './values';

/** A provider as `GET /v1/providers` tells it. */
export const providerStateSchema = z.object({
  id: z.string(),
  name: z.string(),
  sandbox: z.boolean(),
  price_micros: micros.describe('Of a square megapixel without references.'),
  concurrency: z.int().nullable().describe('null: no limit.'),
  in_flight: z.int(),
  circuit: z.enum(['open', 'closed']).describe('`open`: it failed lately, and is left alone for a while.'),
  circuit_until: time.nullable(),
  last_error: z.object({ class: z.string(), at: time }).nullable(),
  median_latency_ms: z.number().nullable(),
});
export type WireProviderState = z.output<typeof providerStateSchema>;

/** The same, with what the account bought there. */
export const ownProviderSchema = providerStateSchema.extend({ purchases: z.int(), spent_micros: micros });

/** A vendor key that the account stored: never the key itself. */
export const providerKeySchema = z.object({
  object: z.literal('provider_key'),
  provider: z.string(),
  created_at: time,
});
export type WireProviderKey = z.output<typeof providerKeySchema>;
