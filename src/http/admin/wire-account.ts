import * as z from 'zod';
import type { Account, AccountLimits } from '../../accounts/account';
import { accountLimitsSchema } from '../../accounts/account';
import type { Standing } from '../../accounts/account-messages';
import type { Visibility } from '../../accounts/stored-account';
import { visibilities, type WireAccount, type WireStanding } from '../../core/wire/account';
import { isoTime } from '../../core/wire/values';

const { dayMicros, monthMicros, requestsPerMinute, rendersInFlight } = accountLimitsSchema.shape;

/** Limits of an account on the wire; what is absent is not limited, or stays as it is. */
const limitsSchema = z.strictObject({
  prepaid: z.boolean('expected true or false.').optional(),
  day_micros: dayMicros.unwrap().optional(),
  month_micros: monthMicros.unwrap().optional(),
  requests_per_minute: requestsPerMinute.unwrap().optional(),
  renders_in_flight: rendersInFlight.unwrap().optional(),
});

const nameSchema = z
  .string('expected a text.')
  .trim()
  .min(1, 'expected a name.')
  .max(200, 'expected at most 200 characters.');
const visibilitySchema = z.enum(visibilities, `expected ${visibilities.join(' or ')}.`);

export const newAccountSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected 1 to 40 lower-case letters, digits and hyphens.')
    .optional(),
  name: nameSchema,
  visibility: visibilitySchema.default('public'),
  limits: limitsSchema.default({}),
});

export const accountChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  visibility: visibilitySchema.optional(),
  limits: limitsSchema.optional(),
});

/** Limits as the account has them; only those that were given. */
export function limitsOf(wire: z.output<typeof limitsSchema>): Partial<AccountLimits> {
  const named = {
    isPrepaid: wire.prepaid,
    dayMicros: wire.day_micros,
    monthMicros: wire.month_micros,
    requestsPerMinute: wire.requests_per_minute,
    rendersInFlight: wire.renders_in_flight,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** An account as our own routes show it. */
export function wireAccount(
  account: Account & { readonly visibility: Visibility; readonly createdAt: number | null },
  standing: Standing | null = null,
): WireAccount {
  const { limits } = account;
  return {
    object: 'account',
    id: account.id,
    name: account.name,
    visibility: account.visibility,
    created_at: isoTime(account.createdAt),
    limits: {
      prepaid: limits.isPrepaid,
      day_micros: limits.dayMicros,
      month_micros: limits.monthMicros,
      requests_per_minute: limits.requestsPerMinute,
      renders_in_flight: limits.rendersInFlight,
    },
    ...(standing === null ? {} : { standing: wireStanding(standing) }),
  };
}

function wireStanding({ balanceMicros, reservedMicros, day, month, inFlight }: Standing): WireStanding {
  return {
    balance_micros: balanceMicros,
    reserved_micros: reservedMicros,
    day: { name: day.name, spent_micros: day.micros },
    month: { name: month.name, spent_micros: month.micros },
    in_flight: inFlight,
  };
}
