import type { Usage } from '../../client/reports';
import { dollars } from '../money';
import { DataTable } from './data-table';
import { percent, seconds, shareOf } from './usage-plots';

/** What a report comes to, in figures. */
export function UsageTotals({ usage }: { readonly usage: Usage }) {
  const { totals, latencySeconds } = usage;
  const [hitRate, joinRate] = [shareOf(totals, 'hits'), shareOf(totals, 'joins')];
  const tiles: readonly (readonly [name: string, value: string, more: string])[] = [
    ['Spent', dollars(totals.spentMicros), counted(totals.purchases, 'purchase')],
    ['Saved', dollars(totals.savedMicros), savedWords(totals)],
    ['Hit rate', hitRate === null ? '–' : percent(hitRate), joinRate === null ? '' : `${percent(joinRate)} joined`],
    ['Pictures', String(totals.pictures), counted(totals.failures, 'failure')],
    [
      'Usual wait',
      seconds(latencySeconds.p50),
      `p95 ${seconds(latencySeconds.p95)}, p99 ${seconds(latencySeconds.p99)}`,
    ],
    ['Drift', signed(totals.driftMicros), driftWords(totals)],
  ];
  return (
    <dl class="tiles" id="totals">
      {tiles.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong>
            <span class="hint">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What saved it, and what that cost where the operator gives it a price. */
function savedWords({ hits, joins, chargedMicros }: Usage['totals']): string {
  const price = chargedMicros > 0 ? `, which cost ${dollars(chargedMicros)}` : '';
  return `by ${counted(hits, 'hit')} and ${counted(joins, 'join')}${price}`;
}

/** Of how many pictures a vendor said what it charged: of those alone there is a drift. */
function driftWords({ comparedPictures, pictures }: Usage['totals']): string {
  const others = comparedPictures === pictures ? '' : '; no vendor reported the others';
  return `charged beyond the quote, for ${comparedPictures} of ${counted(pictures, 'picture')}${others}`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function signed(micros: number): string {
  if (micros === 0) return dollars(0);
  return `${micros > 0 ? '+' : '−'}${dollars(Math.abs(micros))}`;
}

export interface MixProps {
  readonly title: string;
  readonly usage: Usage;
  readonly group: 'provider' | 'dialect' | 'outcome' | 'key';
  /** How a group is called; what has none did not have to be bought. */
  readonly nameOf: (id: string) => string;
  readonly columns: readonly MixColumn[];
}
interface MixColumn {
  readonly name: string;
  readonly read: (row: Usage['groups'][number]) => number;
  readonly write: (value: number) => string;
}

const heads = { provider: 'Provider', dialect: 'API', outcome: 'Outcome', key: 'Key' } as const;

/** A report told apart: a row for each group, with a bar for its first figure. */
export function Mix({ title, usage, group, nameOf, columns }: MixProps) {
  const [first] = columns;
  const rows = usage.groups
    .filter((row) => row[group] !== null && row[group] !== undefined)
    .toSorted((one, other) => (first?.read(other) ?? 0) - (first?.read(one) ?? 0));
  const most = Math.max(1, ...rows.map((row) => first?.read(row) ?? 0));
  return (
    <section class="mix">
      <h3>{title}</h3>
      {rows.length === 0 ? (
        <p class="hint">Nothing in these days.</p>
      ) : (
        <DataTable
          caption={title}
          columns={[{ name: heads[group] }, ...columns.map(({ name }) => ({ name, isNumber: true }))]}
          rows={rows.map((row) => ({
            id: row[group] ?? '',
            cells: [
              <>
                {nameOf(row[group] ?? '')}
                <span class="bar" style={{ width: `${((first?.read(row) ?? 0) / most) * 100}%` }} />
              </>,
              ...columns.map(({ read, write }) => write(read(row))),
            ],
          }))}
        />
      )}
    </section>
  );
}
