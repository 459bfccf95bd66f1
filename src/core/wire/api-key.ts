import * as z from 'zod';
import { micros, time } from './values';

export const scopes = ['generate', 'read', 'admin'] as const;
export const keyKinds = ['live', 'pub', 'link'] as const;
const none = 'null: no limit of its own.';

/** Limits of a key as our own routes show them. */
export const shownKeyLimitsSchema = z.object({
  day_micros: micros.nullable().describe(none),
  total_micros: micros.nullable().describe(none),
  requests_per_minute: z.int().nullable().describe(none),
  maximum_steps: z.int().nullable().describe(none),
  maximum_megapixels: z.number().nullable().describe(none),
});
export type WireKeyLimits = z.output<typeof shownKeyLimitsSchema>;

/** A key as our own routes show it. */
export const apiKeySchema = z.object({
  object: z.literal('api_key'),
  id: z.string(),
  account: z.string(),
  kind: z
    .enum(keyKinds)
    .describe('`pub` keys stand in web pages, and are bound to their origins; `link` keys sign links.'),
  name: z.string(),
  hint: z.string().describe('Its beginning and end.'),
  scopes: z.array(z.enum(scopes)).readonly(),
  dialects: z.array(z.string()).readonly().nullable().describe('null: all.'),
  origins: z.array(z.string()).readonly().nullable().describe('null: any, and none.'),
  limits: shownKeyLimitsSchema,
  created_at: time.nullable(),
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  key: z.string().exactOptional().describe('The key itself: in the answer that made it, and never again.'),
});
export type WireKey = z.output<typeof apiKeySchema>;

/** A key in an account's own list. */
export const listedKeySchema = z
  .intersection(apiKeySchema, z.object({ spent: z.object({ today_micros: micros, ever_micros: micros }) }))
  .describe('A key in a list, with what was spent with it.');
export type WireListedKey = z.output<typeof listedKeySchema>;
