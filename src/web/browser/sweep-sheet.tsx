import { useRef } from 'hono/jsx/dom';
import type { SiteFacts } from '../site-facts';
import { fragmentOf } from './bench-state';
import { PickButton } from './pick-button';
import { type ReadAxis, valueWords } from './sweep-axis';
import { SweepCell } from './sweep-cell';
import { axesOf, type Place, type Sweep } from './sweep-state';
import type { Picks } from './use-picks';
import type { SheetQuotes } from './use-sweep-quotes';
import { placeKey, type Run } from './use-sweep-run';

export interface SweepSheetProps {
  readonly sweep: Sweep;
  readonly facts: SiteFacts;
  readonly places: readonly Place[];
  readonly quotes: SheetQuotes;
  readonly run: Run;
  readonly picks: Picks;
}

/** The contact sheet: every picture at the crossing of its two values. */
export function SweepSheet(props: SweepSheetProps) {
  const { sweep, facts } = props;
  const { across, down } = axesOf(sweep, facts);
  const columns = useLastValues(across);
  const rows = useLastValues(down);
  if (columns.length === 0 || rows.length === 0)
    return <p class="note">Give values for both settings, and the sheet is laid out here.</p>;
  return (
    <section class="sheet scroll" aria-label="Contact sheet" tabindex={0}>
      <table style={{ 'min-width': `${5.5 + 8 * columns.length}rem` }}>
        <caption class="unseen">
          {sweep.across.name} from left to right, {sweep.down.name} from top to bottom
        </caption>
        <thead>
          <tr>
            <td />
            {columns.map((value) => (
              <th key={value} scope="col">
                {valueWords(sweep.across.name, value)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((value, row) => (
            <tr key={value}>
              <th scope="row">{valueWords(sweep.down.name, value)}</th>
              {columns.map((other, column) => (
                <SheetPlace key={other} {...props} row={row} column={column} columns={columns} value={value} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The sheet stays laid out as it was while values are typed that it cannot be laid out by. */
function useLastValues(read: ReadAxis): readonly number[] {
  const last = useRef<readonly number[]>([]);
  if (read.kind === 'values') last.current = read.values;
  return last.current ?? [];
}

interface SheetPlaceProps extends SweepSheetProps {
  readonly row: number;
  readonly column: number;
  readonly columns: readonly number[];
  readonly value: number;
}

function SheetPlace({ sweep, places, quotes, run, picks, row, column, columns, value }: SheetPlaceProps) {
  const index = row * columns.length + column;
  const place = places[index];
  const words = `${valueWords(sweep.across.name, columns[column] ?? 0)}, ${valueWords(sweep.down.name, value)}`;
  const cell = place === undefined ? undefined : run.cells.get(placeKey(place));
  const quote = quotes?.[index];
  const stored = cell === undefined && quote?.kind === 'quoted' && quote.isStored ? quote.fingerprint : null;
  const fingerprint = cell?.kind === 'made' ? cell.picture.fingerprint : stored;
  return (
    <td>
      <SweepCell
        cell={cell}
        quote={quote}
        words={words}
        bench={sweep.bench}
        href={place === undefined ? null : `/workbench${fragmentOf(place.bench)}`}
      />
      {fingerprint === null ? null : <PickButton picks={picks} fingerprint={fingerprint} of={words} />}
    </td>
  );
}
