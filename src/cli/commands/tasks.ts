import type { Command } from 'commander';
import type { ListedTask, TaskStatus, TasksQuery } from '../../client/task-state';
import type { Style } from '../paint';
import type { Act } from '../session';
import { table } from '../table';
import type { Terminal } from '../terminal';
import { dollars, minute } from '../wording';
import { examples, wholeNumber } from '../words';

const colours: Readonly<Record<TaskStatus, Style>> = {
  queued: 'dim',
  rendering: 'cyan',
  ready: 'green',
  failed: 'red',
  cancelled: 'yellow',
};

export function tasksCommand(program: Command, act: Act): void {
  program
    .command('tasks')
    .description('what the account ordered, the newest first')
    .option('--status <status>', 'queued, rendering, ready, failed or cancelled')
    .option('--provider <id>', 'of this provider alone')
    .option('--dialect <id>', 'ordered by this API alone')
    .option('--from <day>', 'from this day on, such as 2026-11-01')
    .option('--to <day>', 'up to this day')
    .option('--account <id>', 'of another account (admins)')
    .option('--wide', 'with the purchases, which refunds name')
    .option('--limit <count>', 'how many at the most', wholeNumber(1, 200), 20)
    .option('--cursor <cursor>', 'the page after the one that told it')
    .addHelpText('after', examples('tasks', 'tasks --status failed --limit 50', 'tasks --json'))
    .action(
      act<[], TasksQuery & { readonly wide?: boolean }>(async ({ client, answer, terminal }, _, options) => {
        const { status, provider, dialect, from, to, account, limit, cursor, wide } = options;
        const given = { status, provider, dialect, from, to, account, limit, cursor } as TasksQuery;
        const page = await client.tasks(given);
        answer(page, () =>
          page.data.length === 0 ? 'There are no such tasks.' : taskTable(page.data, terminal, wide),
        );
        if (page.next !== null) terminal.note(`More: fluxgate tasks --cursor ${page.next}`);
        return undefined;
      }),
    );
}

/** Whole fingerprints where there is room, and in a pipe: they are what `purge` and `rerender` take. */
function taskTable(tasks: readonly ListedTask[], { paint, columns }: Terminal, isWide = false): string {
  const purchase = { title: 'purchase', value: (task: ListedTask) => task.purchase ?? '—' };
  return table(
    tasks,
    [
      { title: 'ordered (UTC)', value: ({ createdAt }) => minute(createdAt) },
      { title: 'status', value: ({ status }) => paint(colours[status] ?? 'dim', status) },
      { title: 'dialect', value: ({ dialect }) => dialect },
      { title: 'provider', value: ({ provider }) => provider ?? '—' },
      { title: 'spent', value: ({ spentMicros }) => dollars(spentMicros), align: 'right' },
      {
        title: 'fingerprint',
        value: ({ fingerprint }) => (columns < 120 ? `${fingerprint.slice(0, 12)}…` : fingerprint),
      },
      ...(isWide ? [purchase] : []),
    ],
    paint,
  );
}
