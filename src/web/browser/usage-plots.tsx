import type { Usage, UsageFigures } from '../../client/reports';
import { dollars } from '../money';
import { daysBetween } from './dashboard-range';
import { Plot } from './plot';

/** What happened over the days of a report. */
export function UsagePlots({ usage }: { readonly usage: Usage }) {
  const days = daysBetween(usage.from, usage.to);
  const known = new Map(usage.days.map((figures) => [figures.day, figures]));
  const over = <Value,>(read: (figures: UsageFigures) => Value, otherwise: Value) =>
    days.map((day) => {
      const figures = known.get(day);
      return figures === undefined ? otherwise : read(figures);
    });
  return (
    <div class="plots">
      <Plot
        title="Spent and saved"
        days={days}
        write={(micros) => dollars(micros)}
        series={[
          { name: 'Spent', shape: 'bars', values: over(({ spentMicros }) => spentMicros, 0) },
          { name: 'Saved', shape: 'line', values: over(({ savedMicros }) => savedMicros, 0) },
        ]}
      />
      <Plot
        title="Hit and join rate"
        days={days}
        write={percent}
        series={[
          { name: 'Hits', shape: 'bars', values: over((figures) => shareOf(figures, 'hits'), null) },
          { name: 'Joins', shape: 'line', values: over((figures) => shareOf(figures, 'joins'), null) },
        ]}
      />
      <Plot
        title="Pictures and failures"
        days={days}
        write={String}
        series={[
          { name: 'Pictures', shape: 'bars', values: over(({ pictures }) => pictures, 0) },
          { name: 'Failures', shape: 'line', values: over(({ failures }) => failures, 0) },
        ]}
      />
      <Plot
        title="Seconds from order to end, on average"
        days={days}
        write={(seconds) => `${seconds.toFixed(1)} s`}
        series={[{ name: 'Average', shape: 'bars', values: over(({ averageSeconds }) => averageSeconds, null) }]}
      />
    </div>
  );
}

/** Of all pictures that were handed out, the share that needed no purchase; null where there were none. */
export function shareOf(figures: UsageFigures, name: 'hits' | 'joins'): number | null {
  const all = figures.hits + figures.joins + figures.pictures;
  return all === 0 ? null : figures[name] / all;
}

export const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
