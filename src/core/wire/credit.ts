import * as z from 'zod';
import { micros, time } from './values';

const most = 1e12;
const wholeMicros = 'expected whole micro-dollars, at most a million dollars of them.';
const moved = z.int(wholeMicros).max(most, wholeMicros);
const credited = moved.min(1, 'expected at least 1 micro-dollar.');
const note = z.string().max(500, 'expected at most 500 characters.').default('');
const percent = 'expected a percentage from 0 to 100.';

const topUpSchema = z.strictObject({
  kind: z.literal('top_up'),
  micros: credited,
  fee_percent: z
    .number(percent)
    .min(0, percent)
    .max(100, percent)
    .optional()
    .describe('What of a top-up is kept as a fee.'),
  note,
});
const adjustmentSchema = z.strictObject({
  kind: z.literal('adjustment'),
  micros: moved
    .min(-most, wholeMicros)
    .refine((value) => value !== 0, 'expected another amount than 0.')
    .describe('Millionths of a dollar; below 0 takes some away.'),
  note,
});
const refundSchema = z.strictObject({
  kind: z.literal('refund'),
  micros: credited,
  note,
  purchase_id: z
    .string('expected the id of the purchase.')
    .min(1)
    .max(200)
    .describe('The purchase, or the task, that a refund is for.'),
});

/** Money that moves without a purchase. */
export const newCreditSchema = z.discriminatedUnion(
  'kind',
  [topUpSchema, adjustmentSchema, refundSchema],
  'expected top_up, adjustment or refund.',
);

/** Its fields whatever the kind is: which of them go together is for {@link newCreditSchema} to say. */
export const creditFieldsSchema = z.object({
  kind: z.enum(newCreditSchema.options.map(({ shape }) => shape.kind.value)),
  ...{ micros: adjustmentSchema.shape.micros, fee_percent: topUpSchema.shape.fee_percent, note },
  purchase_id: refundSchema.shape.purchase_id.optional(),
});

export const creditEntrySchema = z.object({
  id: z.string(),
  kind: z.string().describe('`top_up`, `adjustment`, `refund`, or what the service books itself.'),
  micros,
  note: z.string(),
  purchase_id: z.string().nullable(),
  at: time,
});
export type WireCreditEntry = z.output<typeof creditEntrySchema>;

export const creditBookingSchema = z.object({
  object: z.literal('credit'),
  entries: z.array(creditEntrySchema).readonly(),
  balance_micros: micros,
});
export type WireCreditBooking = z.output<typeof creditBookingSchema>;
