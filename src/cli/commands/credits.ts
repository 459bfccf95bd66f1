import type { Command } from 'commander';
import type { CreditEntry, NewCredit } from '../../client/admin';
import { everyPage } from '../every-page';
import { CommandError } from '../exit-code';
import type { Paint } from '../paint';
import type { Act } from '../session';
import { table } from '../table';
import { dollars, minute } from '../wording';
import { decimalNumber, dollarsAsMicros, examples } from '../words';

interface CreditOptions {
  readonly kind: string;
  readonly fee?: number;
  readonly note?: string;
  readonly purchase?: string;
  readonly once?: string;
}
const kinds: Readonly<Record<string, NewCredit['kind']>> = {
  'top-up': 'top_up',
  adjustment: 'adjustment',
  refund: 'refund',
};

export function creditCommands(program: Command, act: Act): void {
  const credits = program.command('credits').description('money of prepaid accounts (admins)').helpCommand(false);
  addCommand(credits, act);
  listCommand(credits, act);
}

function addCommand(credits: Command, act: Act): void {
  credits
    .command('add <account>')
    .argument('<dollars>', 'such as 25 or 0.05', dollarsAsMicros)
    .description('add credit, or take some away with a negative adjustment')
    .option('--kind <kind>', 'top-up, adjustment or refund', 'top-up')
    .option('--fee <percent>', 'what of a top-up is kept as a fee', decimalNumber(0, 100))
    .option('--note <text>', 'why')
    .option('--purchase <id>', 'the purchase, or the task, that a refund is for')
    .option('--once <key>', 'the same key counts once, however often it is sent')
    .addHelpText(
      'after',
      examples(
        'credits add acme 25',
        'credits add acme 25 --fee 5 --once invoice-42',
        'credits add acme --kind adjustment -- -3.50',
      ),
    )
    .action(
      act<[string, number], CreditOptions>(
        async ({ admin, answer, terminal: { paint } }, [account, micros], options) => {
          const credited = await admin.credits.add(account, newCredit(micros, options), options.once);
          const sum = credited.entries.reduce((total, { micros }) => total + micros, 0);
          const moved = `${sum < 0 ? 'debited' : 'credited'} ${dollars(Math.abs(sum))}`;
          const left = paint('bold', dollars(credited.balanceMicros));
          answer(credited, () => `${account} was ${moved}, and has ${left}.`);
          return undefined;
        },
      ),
    );
}

function listCommand(credits: Command, act: Act): void {
  credits
    .command('list <account>')
    .description('what moved without a purchase')
    .addHelpText('after', examples('credits list acme'))
    .action(
      act<[string], object>(async ({ admin, answer, terminal: { paint } }, [account]) => {
        const all = await everyPage((cursor) => admin.credits.list(account, { cursor }));
        answer(all, () => (all.length === 0 ? `${account} was credited nothing yet.` : creditTable(all, paint)));
        return undefined;
      }),
    );
}

function newCredit(micros: number, { kind, fee, note, purchase }: CreditOptions): NewCredit {
  const known = kinds[kind];
  if (known === undefined) throw new CommandError(`--kind: expected one of ${Object.keys(kinds).join(', ')}.`);
  return {
    kind: known,
    micros,
    ...(fee === undefined ? {} : { feePercent: fee }),
    ...(note === undefined ? {} : { note }),
    ...(purchase === undefined ? {} : { purchaseId: purchase }),
  };
}

function creditTable(entries: readonly CreditEntry[], paint: Paint): string {
  const coloured = ({ micros }: CreditEntry) => paint(micros < 0 ? 'red' : 'green', dollars(micros));
  return table(
    entries,
    [
      { title: 'at (UTC)', value: ({ at }) => minute(at) },
      { title: 'kind', value: ({ kind }) => kind.replace('_', '-') },
      { title: 'amount', value: coloured, align: 'right' },
      { title: 'note', value: ({ note }) => note },
      { title: 'id', value: ({ id }) => id },
    ],
    paint,
  );
}
