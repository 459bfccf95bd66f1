import type { Command } from 'commander';
import type { Difference, Reconciliation } from '../../client/admin';
import { exitCodes } from '../exit-code';
import type { Paint } from '../paint';
import { type Progress, showProgress } from '../progress';
import type { Act } from '../session';
import { plural } from '../wording';
import { examples } from '../words';

interface Checked {
  readonly checked: number;
  readonly differences: readonly Difference[];
}

export function reconcileCommand(program: Command, act: Act): void {
  program
    .command('reconcile')
    .description('compare accounts and pictures with the ledger (admins); exit code 6 where they differ')
    .addHelpText('after', examples('reconcile', 'reconcile --json'))
    .action(
      act(async ({ admin, answer, terminal }) => {
        const progress = showProgress(terminal);
        const parts = { accounts: empty, pictures: empty };
        try {
          parts.accounts = await checkAll('accounts', admin.reconcile.accounts, progress);
          parts.pictures = await checkAll('pictures', admin.reconcile.pictures, progress);
        } finally {
          progress.end();
        }
        const differences = [...parts.accounts.differences, ...parts.pictures.differences];
        const checked = { accounts: parts.accounts.checked, pictures: parts.pictures.checked };
        answer({ checked, differences }, () => report(checked, differences, terminal.paint));
        return differences.length === 0 ? undefined : exitCodes.differences;
      }),
    );
}

const empty: Checked = { checked: 0, differences: [] };

async function checkAll(
  what: string,
  page: (cursor: string | null) => Promise<Reconciliation>,
  progress: Progress,
): Promise<Checked> {
  let [checked, cursor] = [0, null as string | null];
  const differences: Difference[] = [];
  do {
    progress.update(`${what}: ${checked} checked, ${plural(differences.length, 'difference')}`, null);
    const answer = await page(cursor);
    checked += answer.checked;
    differences.push(...answer.differences);
    cursor = answer.next;
  } while (cursor !== null);
  return { checked, differences };
}

function report(
  checked: { readonly accounts: number; readonly pictures: number },
  differences: readonly Difference[],
  paint: Paint,
): string {
  const counted = `${plural(checked.accounts, 'account')} and ${plural(checked.pictures, 'picture')} checked`;
  if (differences.length === 0) return `${paint('green', '✓')} ${counted}: nothing differs.`;
  const lines = differences.map(
    ({ kind, subject, message, expected, actual }) =>
      `${paint('yellow', kind)}  ${paint('bold', subject)}\n  ${message}\n  ${paint('dim', `expected ${shown(expected)}, found ${shown(actual)}`)}`,
  );
  return `${lines.join('\n')}\n\n${paint('red', '✗')} ${counted}: ${plural(differences.length, 'difference')}.`;
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
