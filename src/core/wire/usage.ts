import * as z from 'zod';
import { micros } from './values';

/** What usage can be told apart by. `key` is only known of what is kept row by row. */
export const usageDimensions = ['day', 'account', 'provider', 'dialect', 'outcome', 'key'] as const;
export type UsageDimension = (typeof usageDimensions)[number];
export const usageDimensionSchema = z
  .enum(usageDimensions, `expected a list of ${usageDimensions.join(', ')}, separated by commas.`)
  .describe('What usage can be told apart by. `account` is for admins, beside an `account` of `*`.');

const count = z.int();

export const figuresSchema = z
  .object({
    purchases: count,
    pictures: count,
    failures: count,
    spent_micros: micros,
    quoted_micros: micros,
    reported_purchases: count.describe('Purchases whose vendor said what it charged.'),
    reported_micros: micros,
    drift_micros: micros.describe('What vendors charged beyond the quotes, of the pictures that are compared.'),
    hits: count,
    joins: count,
    saved_micros: micros,
    charged_micros: micros,
    average_seconds: z.number().nullable().describe('From order to end; null where nothing was made.'),
    compared_pictures: count.describe('Pictures whose vendor said what it charged.'),
    compared_quoted_micros: micros.describe('What those were quoted.'),
    compared_micros: micros.describe('What was charged for those.'),
    unreported_quoted_micros: micros.describe('What the other pictures were quoted.'),
  })
  .describe('Sums of what was bought, and of what did not have to be.');
export type WireFigures = z.output<typeof figuresSchema>;

const name = z.string().nullable().exactOptional();
const groupNames = {
  day: name,
  account: name,
  provider: name,
  dialect: name,
  outcome: name,
  key: name,
} satisfies Record<UsageDimension, unknown>;
const groupSchema = z.intersection(figuresSchema, z.object(groupNames));
export type WireGroup = z.output<typeof groupSchema>;

const latencySchema = z.object({
  sample: count.describe('Of how many pictures: a day with many is told by some that are spread over it.'),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type WireLatency = z.output<typeof latencySchema>;

/** What `GET /v1/usage` answers. */
export const usageSchema = z
  .object({
    object: z.literal('usage'),
    account: z.string(),
    from: z.string().describe('A UTC day, such as `2026-11-01`.'),
    to: z.string(),
    totals: figuresSchema,
    days: z.array(z.intersection(figuresSchema, z.object({ day: z.string() }))).readonly(),
    group: z.array(usageDimensionSchema).readonly(),
    groups: z
      .array(groupSchema)
      .readonly()
      .describe('A row for each group that there is, named by what was told apart.'),
    latency_seconds: latencySchema.describe('From order to picture, of the newest pictures of these days.'),
    latency_days: z
      .array(z.object({ day: z.string(), ...latencySchema.shape }))
      .readonly()
      .exactOptional()
      .describe('The same of each day with pictures, the newest first; where `latency` asks for it.'),
  })
  .describe('What was bought, hit, joined and saved.');
export type WireUsage = z.output<typeof usageSchema>;

export const mostDays = 366;
const day = z.iso.date('expected a UTC day such as 2026-11-30.').optional();

/** Fields of a query that name UTC days, both ends included: `from` and `to`, or so many `days` up to today. */
export const dayRangeFields = {
  from: day.describe('A UTC day, such as `2026-11-01`.'),
  to: day.describe('A UTC day, included.'),
  days: z.coerce
    .number<number>(`expected a whole number from 1 to ${mostDays}.`)
    .int()
    .min(1)
    .max(mostDays)
    .optional()
    .describe('How many days back, today included; or `from` and `to`.'),
};

/** What `GET /v1/usage` takes. */
export const usageQuerySchema = z.strictObject({
  ...dayRangeFields,
  /** What to tell apart, in this order. */
  group: z
    .string()
    .transform((text) => [...new Set(text.split(',').map((part) => part.trim()))])
    .pipe(z.array(usageDimensionSchema))
    .default(['day']),
  latency: z
    .literal('day', 'expected day.')
    .optional()
    .describe('`day`: of each day too. It looks through the purchases, and so takes longer; not in CSV.'),
  format: z.enum(['json', 'csv'], 'expected json or csv.').default('json'),
  account: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Another account, or `*` for all together: for admins alone.'),
});
