/** Who orders. Pictures of a private account are its own; the others share theirs. */
export interface AccountPlan {
  readonly id: string;
  readonly isPrivate: boolean;
  readonly limits: Readonly<Record<string, number | boolean>>;
  /** Paid in before the load begins, in micro-dollars. */
  readonly openingMicros: number;
}

/** One account of each kind. The prepaid and the budgeted one are meant to run out now and then. */
export const accountPlans: readonly AccountPlan[] = [
  { id: 'unlimited', isPrivate: false, limits: {}, openingMicros: 0 },
  { id: 'prepaid', isPrivate: false, limits: { prepaid: true }, openingMicros: 3_000_000 },
  {
    id: 'budgeted',
    isPrivate: false,
    limits: { day_micros: 20_000_000, renders_in_flight: 6, requests_per_minute: 90 },
    openingMicros: 0,
  },
  { id: 'private', isPrivate: true, limits: {}, openingMicros: 1_000_000 },
];

/** What a hit or a join costs: a little, so that accounts still run out by what they buy. */
export const hitPriceMicros = 1_000;

export const accountIds = accountPlans.map(({ id }) => id);

/** The account that signed links spend from. */
export const linkAccount = 'unlimited';
