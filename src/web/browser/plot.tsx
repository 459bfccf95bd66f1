import { useEffect, useRef, useState } from 'hono/jsx/dom';
import type { PlotSeries } from './draw-plot';

export interface PlotProps {
  readonly title: string;
  readonly days: readonly string[];
  readonly series: readonly PlotSeries[];
  readonly write: (value: number) => string;
}

/** Figures over days as a drawing, with the table that it is drawn from. The plotting library comes with the first one. */
export function Plot({ title, days, series, write }: PlotProps) {
  const target = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [isDrawn, setIsDrawn] = useState(true);
  const theme = useTheme();
  useEffect(() => {
    let isGone = false;
    let remove = () => {};
    const draw = async () => {
      const { drawPlot } = await import('./draw-plot');
      if (!isGone && target.current) remove = drawPlot(target.current, { days, series, write, point: setPointed });
    };
    // A connection may be lost before the library is there; the figures are.
    draw().catch(() => setIsDrawn(false));
    return () => {
      isGone = true;
      remove();
    };
  }, [JSON.stringify([days, series]), theme]);
  const valueAt = (values: PlotSeries['values'], index: number) => {
    const value = values[index] ?? null;
    return value === null ? '–' : write(value);
  };
  return (
    <figure class="plot">
      <figcaption>
        <h3>{title}</h3>
        <p class="legend">
          {series.map(({ name, values }, index) => (
            <span key={name} class={`ink-${index}`}>
              {name}
              {pointed === null ? '' : ` ${valueAt(values, pointed)}`}
            </span>
          ))}
          {pointed === null ? null : <span class="hint">{days[pointed]}</span>}
        </p>
      </figcaption>
      <div class="plot-area" ref={target} role="img" aria-label={`${title}, as a drawing; its table follows`} />
      {isDrawn ? null : <p class="hint">This cannot be drawn right now. The table has the same figures.</p>}
      <PlotTable title={title} days={days} series={series} valueAt={valueAt} />
    </figure>
  );
}

interface PlotTableProps extends Pick<PlotProps, 'title' | 'days' | 'series'> {
  readonly valueAt: (values: PlotSeries['values'], index: number) => string;
}

function PlotTable({ title, days, series, valueAt }: PlotTableProps) {
  return (
    <details class="recipe">
      <summary>As a table</summary>
      <section class="scroll tall" tabindex={0} aria-label={`${title}, as a table`}>
        <table>
          <caption class="unseen">{title}</caption>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day, index) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {series.map(({ name, values }) => (
                  <td key={name} class="number data">
                    {valueAt(values, index)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** Changes whenever the page turns light or dark: a canvas does not follow by itself. */
function useTheme(): string {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const read = () => document.documentElement.dataset.theme ?? String(media.matches);
  const [theme, setTheme] = useState(read());
  useEffect(() => {
    const follow = () => setTheme(read());
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    media.addEventListener('change', follow);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', follow);
    };
  }, []);
  return theme;
}
