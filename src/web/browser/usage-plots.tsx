import type { Usage, UsageFigures } from '../../client/reports';
import { dollars } from '../money';
import { daysBetween } from './dashboard-range';
import type { PlotSeries } from './draw-plot';
import { Plot } from './plot';

interface DrawnFigure extends Pick<PlotSeries, 'name' | 'shape'> {
  readonly read: (figures: UsageFigures) => number | null;
  /** What a day has on which nothing happened. */
  readonly otherwise: number | null;
}
interface PlottedFigures {
  readonly title: string;
  readonly write: (value: number) => string;
  readonly drawn: readonly DrawnFigure[];
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
    title: 'From order to end, on average',
    write: (seconds) => `${seconds.toFixed(1)} s`,
    drawn: [{ name: 'Average', shape: 'bars', read: ({ averageSeconds }) => averageSeconds, otherwise: null }],
  },
];

/** What happened over the days of a report. */
export function UsagePlots({ usage }: { readonly usage: Usage }) {
  const days = daysBetween(usage.from, usage.to);
  const known = new Map(usage.days.map((figures) => [figures.day, figures]));
  const valuesOf = ({ name, shape, read, otherwise }: DrawnFigure): PlotSeries => {
    const values = days.map((day) => {
      const figures = known.get(day);
      return figures === undefined ? otherwise : read(figures);
    });
    return { name, shape, values };
  };
  return (
    <div class="plots">
      {plotted.map(({ title, write, drawn }) => (
        <Plot key={title} title={title} days={days} write={write} series={drawn.map(valuesOf)} />
      ))}
    </div>
  );
}

/** Of all pictures that were handed out, the share that needed no purchase; null where there were none. */
export function shareOf(figures: UsageFigures, name: 'hits' | 'joins'): number | null {
  const all = figures.hits + figures.joins + figures.pictures;
  return all === 0 ? null : figures[name] / all;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
