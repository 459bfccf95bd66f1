/** Money as people read it: dollars, to the cent or as far as there is more. */
export function dollars(micros: number | null | undefined): string {
  if (micros === null || micros === undefined) return '—';
  const [whole = '0', decimals = ''] = (Math.abs(micros) / 1_000_000).toFixed(6).split('.');
  const kept = decimals.replace(/0+$/, '').padEnd(2, '0');
  return `${micros < 0 ? '−' : ''}$${Number(whole).toLocaleString('en')}.${kept}`;
}

/** An ISO time to the minute; in UTC, as budgets and reports are. */
export function minute(time: string | null | undefined): string {
  return time ? time.slice(0, 16).replace('T', ' ') : '—';
}

/** A number, or that there is no limit. */
export function limit(value: number | null | undefined): string {
  return value === null || value === undefined ? 'none' : value.toLocaleString('en');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(0)} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}
