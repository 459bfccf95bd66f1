/** What a sheet may cost and has cost: what is under way is held back at its price. */
export type Purse = ReturnType<typeof createPurse>;

export function createPurse(budgetMicros: number) {
  let held = 0;
  let spent = 0;
  return {
    hold: (micros: number) => {
      if (held + spent + micros > budgetMicros) return false;
      held += micros;
      return true;
    },
    settle: (heldMicros: number, paidMicros: number) => {
      held -= heldMicros;
      spent += paidMicros;
    },
    spentMicros: () => spent,
  };
}
