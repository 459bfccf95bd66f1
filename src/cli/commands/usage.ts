import type { Command } from 'commander';
import type { Usage, UsageFigures, UsageGroup } from '../../client/reports';
import { bar, spark } from '../chart';
import type { Act } from '../session';
import { type Column, table } from '../table';
import type { Terminal } from '../terminal';
import { dollars, plural } from '../wording';
import { examples, list, wholeNumber } from '../words';

interface UsageOptions {
  readonly days: number;
  readonly group?: readonly UsageGroup[];
  readonly account?: string;
  readonly csv?: boolean;
}
type Row = Usage['groups'][number];

const barColumns = 20;

export function usageCommand(program: Command, act: Act): void {
  program
    .command('usage')
    .description('what was bought, hit and joined, and what that saved')
    .option('--days <days>', 'how many days back, today included', wholeNumber(1, 366), 30)
    .option('--group <names>', 'a row for each day, provider, dialect, outcome or key; also several', list)
    .option('--account <id>', 'of another account, or "*" for all (admins)')
    .option('--csv', 'comma-separated values')
    .addHelpText('after', examples('usage --days 7', 'usage --group provider,dialect', 'usage --csv > usage.csv'))
    .action(
      act<[], UsageOptions>(async ({ client, answer, terminal }, _, { days, group, account, csv }) => {
        const query = { days, ...(group && { group }), ...(account && { account }) };
        if (csv) {
          terminal.print((await client.usageCsv(query)).trimEnd());
          return undefined;
        }
        const usage = await client.usage(query);
        answer(usage, () => report(usage, group ?? ['day'], terminal));
        return undefined;
      }),
    );
}

function report(usage: Usage, names: readonly UsageGroup[], { paint }: Terminal): string {
  const rows: readonly Row[] = usage.groups ?? usage.days;
  const { totals, days, account } = usage;
  const period = days.length > 1 ? `  ${paint('cyan', spark(days.map(({ spentMicros }) => spentMicros)))}` : '';
  const summary = [
    `${paint('bold', dollars(totals.spentMicros))} spent on ${plural(totals.purchases, 'purchase')}`,
    `${plural(totals.hits, 'hit')} and ${plural(totals.joins, 'join')} saved ${paint('green', dollars(totals.savedMicros))}${priceOf(totals)}`,
  ].join(', ');
  const head = `${paint('dim', account)}  ${summary}.${period}`;
  return rows.length === 0
    ? `${head}\nNothing was asked for in these days.`
    : `${head}\n\n${usageTable(rows, names, paint)}`;
}

/** What hits and joins cost, where the operator gives them a price. */
function priceOf({ chargedMicros }: UsageFigures): string {
  return chargedMicros > 0 ? ` and cost ${dollars(chargedMicros)}` : '';
}

function usageTable(rows: readonly Row[], names: readonly UsageGroup[], paint: Terminal['paint']): string {
  const most = Math.max(...rows.map(({ spentMicros }) => spentMicros));
  const isPriced = rows.some(({ chargedMicros }) => chargedMicros > 0);
  const figure = (title: string, value: (row: UsageFigures) => string): Column<Row> => ({
    title,
    value,
    align: 'right',
  });
  return table(
    rows,
    [
      ...names.map((name) => ({ title: name, value: (row: Row) => row[name] ?? '—' })),
      figure('bought', ({ purchases }) => String(purchases)),
      figure('failed', ({ failures }) => String(failures ?? 0)),
      figure('hits', ({ hits }) => String(hits)),
      figure('joins', ({ joins }) => String(joins)),
      figure('saved', ({ savedMicros }) => dollars(savedMicros)),
      ...(isPriced ? [figure('their price', ({ chargedMicros }) => dollars(chargedMicros))] : []),
      figure('spent', ({ spentMicros }) => dollars(spentMicros)),
      { title: '', value: ({ spentMicros }) => paint('cyan', bar(spentMicros, most, barColumns)) },
    ],
    paint,
  );
}
