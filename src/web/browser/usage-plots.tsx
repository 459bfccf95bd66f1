import type { Usage, UsageFigures } from '../../client/reports';
import { dollars } from '../money';
import { daysBetween } from './dashboard-range';
import type { PlotSeries } from './draw-plot';
import { Plot } from './plot';

/** A day's figures, with how long its pictures took. */
type DayFigures = UsageFigures & { readonly latency: NonNullable<Usage['latencyDays']>[number] | undefined };

interface DrawnFigure extends Pick<PlotSeries, 'name' | 'shape'> {
  readonly read: (figures: DayFigures) => number | null;
  /** What a day has on which nothing happened. */
  readonly otherwise: number | null;
}
interface PlottedFigures {
  readonly title: string;
  readonly write: (value: number) => string;
  readonly drawn: readonly DrawnFigure[];
  /** What it comes to over the whole range, where no sum of the days says so. */
  readonly inAll?: (usage: Usage) => string;
}

const plotted: readonly PlottedFigures[] = [
  {
    title: 'Spent and saved',
    write: (micros) => dollars(micros),
    drawn: [
      { name: 'Spent', shape: 'bars', read: ({ spentMicros }) => spentMicros, otherwise: 0 },
      { name: 'Saved', shape: 'line', read: ({ savedMicros }) => savedMicros, otherwise: 0 },
    ],
  },
  {
    title: 'Hit and join rate',
    write: percent,
    drawn: [
      { name: 'Hits', shape: 'bars', read: (figures) => shareOf(figures, 'hits'), otherwise: null },
      { name: 'Joins', shape: 'line', read: (figures) => shareOf(figures, 'joins'), otherwise: null },
    ],
  },
  {
    title: 'Pictures and failures',
    // Between two whole numbers there is none to name.
    write: (count) => (Number.isInteger(count) ? String(count) : ''),
    drawn: [
      { name: 'Pictures', shape: 'bars', read: ({ pictures }) => pictures, otherwise: 0 },
      { name: 'Failures', shape: 'line', read: ({ failures }) => failures, otherwise: 0 },
    ],
  },
  {
    title: 'From order to picture',
    write: (value) => seconds(value),
    drawn: [
      { name: 'p50', shape: 'bars', read: ({ latency }) => latency?.p50 ?? null, otherwise: null },
      { name: 'p95', shape: 'line', read: ({ latency }) => latency?.p95 ?? null, otherwise: null },
      { name: 'p99', shape: 'line', read: ({ latency }) => latency?.p99 ?? null, otherwise: null },
    ],
    inAll: ({ latencySeconds: { p50, p95, p99 } }) =>
      `Over all of these days: p50 ${seconds(p50)}, p95 ${seconds(p95)}, p99 ${seconds(p99)}.`,
  },
];

/** What happened over the days of a report. */
export function UsagePlots({ usage }: { readonly usage: Usage }) {
  const days = daysBetween(usage.from, usage.to);
  const latencies = new Map(usage.latencyDays?.map((latency) => [latency.day, latency]));
  const known = new Map(usage.days.map((day) => [day.day, { ...day, latency: latencies.get(day.day) }]));
  const valuesOf = ({ name, shape, read, otherwise }: DrawnFigure): PlotSeries => {
    const values = days.map((day) => {
      const figures = known.get(day);
      return figures === undefined ? otherwise : read(figures);
    });
    return { name, shape, values };
  };
  return (
    <div class="plots">
      {plotted.map(({ title, write, drawn, inAll }) => (
        <Plot key={title} {...{ title, days, write }} series={drawn.map(valuesOf)} note={inAll?.(usage) ?? ''} />
      ))}
    </div>
  );
}

/** Of all pictures that were handed out, the share that needed no purchase; null where there were none. */
export function shareOf(figures: UsageFigures, name: 'hits' | 'joins'): number | null {
  const all = figures.hits + figures.joins + figures.pictures;
  return all === 0 ? null : figures[name] / all;
}

/** A quarter of a second is none of its tenths. */
export function seconds(value: number | null): string {
  if (value === null) return '–';
  return `${value.toFixed(value < 1 && !Number.isInteger(value * 10) ? 2 : 1)} s`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
