const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar as long as `value` is of `most`, to an eighth of a column. What is not nothing is seen. */
export function bar(value: number, most: number, columns: number): string {
  if (value <= 0 || most <= 0) return '';
  const parts = Math.max(1, Math.round((value / most) * columns * 8));
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '');
}

/** A line of blocks, one for each value; a dot where there is nothing. */
export function spark(values: readonly number[]): string {
  const most = Math.max(...values, 0);
  return values
    .map((value) => (value <= 0 || most === 0 ? '·' : heights[Math.ceil((value / most) * heights.length) - 1]))
    .join('');
}
