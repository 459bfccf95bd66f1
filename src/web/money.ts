/** Micro-dollars as people read them: cents where there are whole ones, as many places as it takes otherwise. */
export function dollars(micros: number): string {
  const value = micros / 1e6;
  const places = micros % 10_000 === 0 ? 2 : micros % 1_000 === 0 ? 3 : 4;
  return `$${value.toFixed(places)}`;
}
