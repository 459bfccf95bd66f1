/** Whose key it is. `namespace` decides whose pictures it shares: `public` with everyone. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
}

/** The owner of the development key: without limits, and only on the machine where it was made. */
export const developmentAccount: Account = { id: 'development', name: 'Development', namespace: 'public' };
