import type { Usage } from '../../client/reports';
import { dollars } from '../money';
import { DataTable } from './data-table';
import { signed } from './usage-figures';

export interface DriftTableProps {
  readonly usage: Usage;
  readonly nameOf: (provider: string) => string;
}

const columns = ['Pictures', 'Quoted', 'Charged', 'Drift'].map((name) => ({ name, isNumber: true }));

/** Quotes and charges of the same pictures, so that the one less the other is the drift. */
export function DriftTable({ usage, nameOf }: DriftTableProps) {
  const rows = usage.groups.flatMap((row) => (row.provider ? driftRows(row, row.provider, nameOf(row.provider)) : []));
  return (
    <section class="mix">
      <h3>Quote against actual</h3>
      {rows.length === 0 ? (
        <p class="hint">No pictures in these days.</p>
      ) : (
        <DataTable caption="Quote against actual" columns={[{ name: 'Provider' }, ...columns]} rows={rows} />
      )}
    </section>
  );
}

/** What the vendor reported; and in a row of its own what it did not. */
function driftRows(row: Usage['groups'][number], id: string, name: string) {
  const { comparedPictures, comparedQuotedMicros, comparedMicros, driftMicros } = row;
  const unreported = row.pictures - comparedPictures;
  const reportedCells = [String(comparedPictures), dollars(comparedQuotedMicros), dollars(comparedMicros)];
  return [
    ...(comparedPictures > 0 ? [{ id, cells: [name, ...reportedCells, signed(driftMicros)] }] : []),
    ...(unreported > 0
      ? [
          {
            id: `${id} unreported`,
            cells: [`${name}, not reported`, String(unreported), dollars(row.unreportedQuotedMicros), '–', '–'],
          },
        ]
      : []),
  ];
}
