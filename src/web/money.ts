/**
 * Micro-dollars as people read them: whole cents, or four places where there are parts of one, and `atLeast`
 * so many where several stand in a column.
 */
export function dollars(micros: number, atLeast = 2): string {
  const value = micros / 1e6;
  const places = Math.max(atLeast, micros % 10_000 === 0 ? 2 : 4);
  return `$${value.toFixed(places)}`;
}
