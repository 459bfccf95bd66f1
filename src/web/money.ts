/**
 * Micro-dollars as people read them: cents where there are whole ones, as many places as it takes otherwise, and
 * `atLeast` so many where several stand in a column.
 */
export function dollars(micros: number, atLeast = 2): string {
  const value = micros / 1e6;
  const places = Math.max(atLeast, micros % 10_000 === 0 ? 2 : micros % 1_000 === 0 ? 3 : 4);
  return `$${value.toFixed(places)}`;
}
