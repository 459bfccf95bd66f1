/** A spreadsheet takes a text that begins like this for a formula, and runs it. */
const beginsFormula = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180). Numbers stay as they are; texts can be no formulas; null is empty. */
export function csvOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | null>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? null)).join(','));
  return [columns.map(field).join(','), ...lines, ''].join('\r\n');
}

function field(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = beginsFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
