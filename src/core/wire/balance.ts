import * as z from 'zod';
import { micros, time } from './values';

export const budgetSchema = z.object({
  limit_micros: micros.nullable().describe('null: no limit.'),
  spent_micros: micros,
  resets_at: time,
});
export type WireBudget = z.output<typeof budgetSchema>;

/** What `GET /v1/balance` answers. */
export const balanceSchema = z
  .object({
    object: z.literal('balance'),
    prepaid: z.boolean(),
    balance_micros: micros.nullable().describe('null where the account is not prepaid.'),
    reserved_micros: micros.describe(
      'Set aside for renders under way, and for hits and joins where those have a price.',
    ),
    day: budgetSchema,
    month: budgetSchema,
  })
  .describe('What an account has left to spend.');
export type WireBalance = z.output<typeof balanceSchema>;
