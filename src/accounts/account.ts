import { type AccountLimits, withoutLimits } from '../core/spending';

export { type AccountLimits, type Allowance, accountLimitsSchema, withoutLimits } from '../core/spending';

/** Whose key it is. `namespace` decides whose pictures it shares: `public` with everyone, its own with nobody. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly limits: AccountLimits;
}

/** The owner of the development key: without limits, and only on the machine where it was made. */
export const developmentAccount: Account = {
  id: 'development',
  name: 'Development',
  namespace: 'public',
  limits: withoutLimits,
};
