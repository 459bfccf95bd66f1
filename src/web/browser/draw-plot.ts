import UPlot from 'uplot';

export interface PlotSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly shape: 'bars' | 'line';
}
export interface PlotData {
  /** UTC days, such as 2026-11-30, without a gap. */
  readonly days: readonly string[];
  readonly series: readonly PlotSeries[];
  readonly write: (value: number) => string;
  /** Told of the day under the pointer; null when it leaves. */
  readonly point: (index: number | null) => void;
}

const height = 220;

/** Draws into an element, as wide as that is. @returns what takes it away again */
export function drawPlot(target: HTMLElement, data: PlotData): () => void {
  const times = data.days.map((day) => Date.parse(day) / 1000);
  const values = data.series.map((series) => [...series.values]);
  target.dataset.ink = isPale(resolved(target, '--ink')) ? 'pale' : 'dark';
  const plot = new UPlot(optionsOf(target, data), [times, ...values], target);
  const resize = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
  resize.observe(target);
  return () => {
    resize.disconnect();
    plot.destroy();
  };
}

function optionsOf(target: HTMLElement, { series, days, write, point }: PlotData): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const inks = seriesColours.map((name) => resolved(target, name));
  const grid = { stroke: resolved(target, '--rule'), width: 1 };
  const axis = { stroke: resolved(target, '--soft'), grid, ticks: grid, font: `12px ${colour('--text')}` };
  return {
    width: target.clientWidth,
    height,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: { x: { range: spanOf(days) }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_plot, ticks) => ticks.map(dayWords) },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map(write) },
    ],
    series: [{}, ...series.map((one, index) => drawnSeries(one, inks[index] ?? '', index === 2))],
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? null)] },
  };
}

/** Custom properties of the page, in the order of the series: they differ in lightness too, and the third line is dashed. */
export const seriesColours = ['--red-ground', '--ink', '--edge'] as const;

function drawnSeries({ name, shape }: PlotSeries, ink: string, isDashed: boolean): UPlot.Series {
  const bars = UPlot.paths.bars?.({ size: [0.7, 40] });
  if (shape === 'bars' && bars !== undefined)
    return { label: name, stroke: ink, fill: ink, width: 0, paths: bars, points: { show: false } };
  const line = { label: name, stroke: ink, width: 2 };
  if (!isDashed) return { ...line, points: { size: 5, fill: ink } };
  // Rings, which show a point of the line before it where both are at one place.
  return { ...line, dash: [6, 4], points: { size: 9, fill: 'transparent', stroke: ink, width: 1.5 } };
}

/** Half a day more on either side, so that bars of the first and last day are whole. */
function spanOf(days: readonly string[]): [number, number] {
  const half = 43_200;
  return [Date.parse(days[0] ?? '') / 1000 - half, Date.parse(days.at(-1) ?? '') / 1000 + half];
}

const dayWords = (seconds: number) =>
  new Date(seconds * 1000).toLocaleDateString('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Of an `rgb(…)`: whether it is meant for a dark ground. */
function isPale(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 3 * 128;
}

/** A colour as a canvas understands it: `light-dark()` is resolved by an element alone. */
function resolved(target: HTMLElement, name: string): string {
  const before = target.style.color;
  target.style.color = `var(${name})`;
  const { color } = getComputedStyle(target);
  target.style.color = before;
  return color;
}
