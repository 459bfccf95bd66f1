/** Percent are counted in ten-thousandths, so that 2.9 is exactly that. */
const partsOfPercent = 10_000;

/** The fee on a top-up in whole micro-dollars, rounded up in the operator's favour. */
export function feeMicros(micros: number, percent: number): number {
  const parts = BigInt(micros) * BigInt(Math.round(percent * partsOfPercent));
  const whole = BigInt(100 * partsOfPercent);
  return Number((parts + whole - 1n) / whole);
}
