import type { Child } from 'hono/jsx';

export interface DataTableProps {
  /** What it is a table of: said to those who do not see it. */
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly isNumber?: boolean }[];
  /** The first cell of a row is its head. */
  readonly rows: readonly { readonly id: string; readonly cells: readonly Child[] }[];
  readonly class?: string;
}

/** A table that scrolls by itself where it is wider than the page. */
export function DataTable({ caption, columns, rows, class: name = '' }: DataTableProps) {
  return (
    <section class={`scroll ${name}`} tabindex={0} aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" class={column.isNumber ? 'number' : ''}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells: [head, ...cells] }) => (
            <tr key={id}>
              <th scope="row">{head as never}</th>
              {cells.map((cell, index) => (
                <td key={index} class={columns[index + 1]?.isNumber ? 'number data' : ''}>
                  {cell as never}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
