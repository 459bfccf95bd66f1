import * as z from 'zod';
import { micros, time } from './values';

export const visibilities = ['public', 'private'] as const;
const none = 'null: no limit.';
const spent = z.object({ name: z.string(), spent_micros: micros });

const standingSchema = z.object({
  balance_micros: micros,
  reserved_micros: micros.describe('Set aside for renders under way, and for hits and joins where those have a price.'),
  day: spent,
  month: spent,
  in_flight: z.int().describe('Renders under way.'),
});
export type WireStanding = z.output<typeof standingSchema>;

export const shownAccountLimitsSchema = z.object({
  prepaid: z.boolean(),
  day_micros: micros.nullable().describe(none),
  month_micros: micros.nullable().describe(none),
  requests_per_minute: z.int().nullable().describe(none),
  renders_in_flight: z.int().nullable().describe(none),
});

/** An account as our own routes show it. */
export const accountSchema = z.object({
  object: z.literal('account'),
  id: z.string(),
  name: z.string(),
  visibility: z.enum(visibilities).describe("`private`: its pictures are nobody else's, and their URLs end."),
  created_at: time.nullable(),
  limits: shownAccountLimitsSchema,
  standing: standingSchema.exactOptional().describe('In answers about one account.'),
});
export type WireAccount = z.output<typeof accountSchema>;
