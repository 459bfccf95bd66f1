import { billOf, type LedgerRow, spentOf } from '../support/purchase';
import { type Failure, failures } from '../vendors/failures';
import type { Sale } from '../vendors/simulator';

/** What one order came to. */
export interface Cell {
  readonly code: string;
  readonly sales: readonly Sale[];
  readonly rows: readonly LedgerRow[];
}

/** Every provider × every failure: what the caller got, what was sold, what the bill and the ledger say. */
export class Matrix {
  readonly #cells = new Map<string, Map<Failure, Cell>>();

  note(provider: string, failure: Failure, cell: Cell): void {
    const row = this.#cells.get(provider) ?? new Map<Failure, Cell>();
    this.#cells.set(provider, row.set(failure, cell));
  }

  text(): string {
    const heading = ['provider', 'failure', 'outcome', 'sales', 'bill', 'ledger', 'row'];
    const lines = [...this.#cells].flatMap(([provider, cells]) =>
      [...cells]
        .toSorted(([a], [b]) => failures.indexOf(a) - failures.indexOf(b))
        .map(([failure, cell]) => [
          ...[provider, failure, cell.code, `${cell.sales.length}`, `${billOf(cell.sales)}`, `${spentOf(cell.rows)}`],
          cell.rows.map(({ outcome }) => outcome).join(' + ') || 'none',
        ]),
    );
    const table = [heading, ...lines];
    const widths = heading.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
    const text = table.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return ['Purchases of one order, money in micro-dollars', ...text, this.#totals()].join('\n');
  }

  #totals(): string {
    const cells = [...this.#cells.values()].flatMap((row) => [...row.values()]);
    const sum = (count: (cell: Cell) => number) => cells.reduce((total, cell) => total + count(cell), 0);
    const unknown = cells.filter(({ rows }) => rows.some(({ outcome }) => outcome === 'unknown'));
    return [
      `${cells.length} orders, ${sum(({ sales }) => sales.length)} sales,`,
      `${Math.max(0, ...cells.map(({ sales }) => sales.length))} at most for one order;`,
      `bill ${sum(({ sales }) => billOf(sales))}, ledger ${sum(({ rows }) => spentOf(rows))};`,
      `${unknown.length} of unknown outcome: bill ${unknown.reduce((total, { sales }) => total + billOf(sales), 0)},`,
      `ledger ${unknown.reduce((total, { rows }) => total + spentOf(rows), 0)}`,
    ].join(' ');
  }
}
