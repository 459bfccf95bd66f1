import { useRef, useState } from 'hono/jsx/dom';
import { DataTable } from './data-table';
import type { PlotData, PlotSeries } from './draw-plot';
import { type FaultWords, faultWords } from './fault-words';
import { plotting } from './plotting';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

export interface PlotProps {
  readonly title: string;
  readonly days: readonly string[];
  readonly series: readonly PlotSeries[];
  readonly write: (value: number) => string;
  /** A sentence on all of it; may be empty. */
  readonly note?: string;
}

/** Figures over days as a drawing, with the table that it is drawn from. The plotting library comes with the first one. */
export function Plot({ title, days, series, write, note = '' }: PlotProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const { target, isDrawable } = useDrawing({ days, series, write, point: setPointed });
  const valueAt = (values: PlotSeries['values'], index: number) => {
    const value = values[index] ?? null;
    return value === null ? '–' : write(value);
  };
  return (
    <figure class="plot">
      <figcaption>
        <h3>{title}</h3>
        <Legend days={days} series={series} pointed={pointed} valueAt={valueAt} />
      </figcaption>
      <div class="plot-place">
        <div class="plot-area" ref={target} role="img" aria-label={`${title}, as a drawing; its table follows`} />
        {isDrawable ? null : <p class="hint">This cannot be drawn right now. The table has the same figures.</p>}
      </div>
      <PlotTable title={title} days={days} series={series} valueAt={valueAt} />
      {note === '' ? null : <p class="hint">{note}</p>}
    </figure>
  );
}

/** Draws whenever the figures are others, and again once what drawing needs can be loaded. */
function useDrawing(data: PlotData) {
  const target = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<FaultWords | null>(null);
  const online = useOnline(fault);
  const theme = useTheme();
  useEffect(() => {
    let isGone = false;
    let remove = () => {};
    const draw = async () => {
      const { drawPlot } = await plotting();
      if (isGone || !target.current) return;
      remove = drawPlot(target.current, data);
      setFault(null);
    };
    // A connection may be lost before the library is there; the figures are.
    draw().catch((thrown) => !isGone && setFault(faultWords(thrown)));
    return () => {
      isGone = true;
      remove();
    };
  }, [JSON.stringify([data.days, data.series]), theme, online]);
  return { target, isDrawable: fault === null };
}

/** What is drawn in which colour, and the values of the day under the pointer. */
function Legend({
  days,
  series,
  pointed,
  valueAt,
}: Omit<PlotTableProps, 'title'> & { readonly pointed: number | null }) {
  return (
    <p class="legend">
      {series.map(({ name, values }, index) => (
        <span key={name} class={`ink-${index}`}>
          {name}
          {pointed === null ? '' : ` ${valueAt(values, pointed)}`}
        </span>
      ))}
      {pointed === null ? null : <span class="hint">{days[pointed]}</span>}
    </p>
  );
}

interface PlotTableProps extends Pick<PlotProps, 'title' | 'days' | 'series'> {
  readonly valueAt: (values: PlotSeries['values'], index: number) => string;
}

function PlotTable({ title, days, series, valueAt }: PlotTableProps) {
  return (
    <details class="recipe">
      <summary>As a table</summary>
      <DataTable
        class="tall"
        caption={`${title}, as a table`}
        columns={[{ name: 'Day (UTC)' }, ...series.map(({ name }) => ({ name, isNumber: true }))]}
        rows={days.map((day, index) => ({
          id: day,
          cells: [day, ...series.map(({ values }) => valueAt(values, index))],
        }))}
      />
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
