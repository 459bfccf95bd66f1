/** One line of the table. */
export interface Row {
  readonly measure: string;
  readonly unit: string;
  readonly ours: number;
  /** What it is held against, measured in the same run; null where there is nothing. */
  readonly floor: number | null;
  /** The median of the ratios of neighbouring slices, and so not quite `ours / floor`. */
  readonly ratio: number | null;
  /** What `ratio`, or `ours` where there is no ratio, should be; null where nothing is promised. */
  readonly aim: Aim | null;
}

/** A promise holds on every machine; any other aim may be missed on a busy one. */
export type Aim = { readonly isPromise: boolean } & ({ readonly atLeast: number } | { readonly atMost: number });

export function isMet({ ours, ratio, aim }: Row): boolean {
  if (aim === null) return true;
  const value = ratio ?? ours;
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
}

/** Whether something that does not depend on the machine is not as promised. */
export function isBroken(row: Row): boolean {
  return row.aim?.isPromise === true && !isMet(row);
}

export function tableOf(rows: readonly Row[]): string {
  const lines = [['measure', 'ours', 'floor', 'ratio', 'aim', ''], ...rows.map(cellsOf)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    column === 0 || column > 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

function cellsOf(row: Row): string[] {
  const { measure, unit, ours, floor, ratio, aim } = row;
  const verdict = aim === null ? '' : isMet(row) ? 'met' : 'MISSED';
  return [
    unit === '' ? measure : `${measure}, ${unit}`,
    figure(ours),
    floor === null ? '' : figure(floor),
    ratio === null ? '' : ratio.toFixed(2),
    aim === null ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`,
    verdict,
  ];
}

function figure(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
