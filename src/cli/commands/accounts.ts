import type { Command } from 'commander';
import type { NewAccount } from '../../client/admin';
import type { Account, AccountLimits } from '../../client/reports';
import { everyPage } from '../every-page';
import { CommandError } from '../exit-code';
import type { Paint } from '../paint';
import type { Act } from '../session';
import { facts, table } from '../table';
import { dollars, limit, minute } from '../wording';
import { budget, countOrNone, examples } from '../words';

interface LimitOptions {
  readonly prepaid?: boolean;
  readonly day?: number | null;
  readonly month?: number | null;
  readonly rate?: number | null;
  readonly inFlight?: number | null;
}

export function accountCommands(program: Command, act: Act): void {
  const accounts = program.command('accounts').description('accounts and their limits (admins)').helpCommand(false);
  createCommand(accounts, act);
  listCommand(accounts, act);
  showCommand(accounts, act);
  limitsCommand(accounts, act);
}

function createCommand(accounts: Command, act: Act): void {
  withLimits(accounts.command('create <name>').description('a new account'))
    .option('--id <id>', 'what it is called in URLs; drawn where absent')
    .option('--private', 'its pictures are its own, by URLs that expire')
    .addHelpText('after', examples('accounts create Acme --id acme --month 100', 'accounts create Shop --prepaid'))
    .action(
      act<[string], LimitOptions & { id?: string; private?: boolean }>(
        async ({ admin, answer, terminal }, [name], options) => {
          const limits = limitsOf(options);
          const account = await admin.accounts.create({
            name,
            ...(options.id === undefined ? {} : { id: options.id }),
            ...(options.private ? { visibility: 'private' as const } : {}),
            ...(Object.keys(limits).length === 0 ? {} : { limits }),
          });
          answer(account, () => describe(account, terminal.paint));
          terminal.note(`\nA key for it: fluxgate keys create ${account.id} --name first`);
          return undefined;
        },
      ),
    );
}

function listCommand(accounts: Command, act: Act): void {
  accounts
    .command('list')
    .description('all accounts')
    .addHelpText('after', examples('accounts list', 'accounts list --json'))
    .action(
      act(async ({ admin, answer, terminal }) => {
        const all = await everyPage((cursor) => admin.accounts.list({ cursor }));
        answer(all, () => (all.length === 0 ? 'There are no accounts yet.' : accountTable(all, terminal.paint)));
        return undefined;
      }),
    );
}

function showCommand(accounts: Command, act: Act): void {
  accounts
    .command('show <account>')
    .description('one account, its limits and how it stands')
    .addHelpText('after', examples('accounts show acme'))
    .action(
      act<[string], object>(async ({ admin, answer, terminal }, [id]) => {
        const account = await admin.accounts.show(id);
        answer(account, () => describe(account, terminal.paint));
        return undefined;
      }),
    );
}

function limitsCommand(accounts: Command, act: Act): void {
  withLimits(accounts.command('limits <account>').description('change what an account may spend and order'))
    .addHelpText('after', examples('accounts limits acme --day 5 --month 100', 'accounts limits acme --rate none'))
    .action(
      act<[string], LimitOptions>(async ({ admin, answer, terminal }, [id], options) => {
        const limits = limitsOf(options);
        if (Object.keys(limits).length === 0)
          throw new CommandError('Say what to change: --prepaid, --day, --month, --rate or --in-flight.');
        const account = await admin.accounts.update(id, { limits } satisfies Partial<NewAccount>);
        answer(account, () => describe(account, terminal.paint));
        return undefined;
      }),
    );
}

function withLimits(command: Command): Command {
  return command
    .option('--prepaid', 'orders only as far as its credit goes')
    .option('--no-prepaid', 'orders without credit')
    .option('--day <dollars>', 'budget of a day, or none', budget)
    .option('--month <dollars>', 'budget of a month, or none', budget)
    .option('--rate <count>', 'requests in a minute, or none', countOrNone)
    .option('--in-flight <count>', 'renders at the same time, or none', countOrNone);
}

function limitsOf({ prepaid, day, month, rate, inFlight }: LimitOptions): Partial<AccountLimits> {
  return {
    ...(prepaid === undefined ? {} : { prepaid }),
    ...(day === undefined ? {} : { dayMicros: day }),
    ...(month === undefined ? {} : { monthMicros: month }),
    ...(rate === undefined ? {} : { requestsPerMinute: rate }),
    ...(inFlight === undefined ? {} : { rendersInFlight: inFlight }),
  };
}

function describe({ id, name, visibility, createdAt, limits, standing }: Account, paint: Paint): string {
  const spent = (micros: number | undefined, most: number | null) =>
    most === null ? `${dollars(micros ?? 0)}, no budget` : `${dollars(micros ?? 0)} of ${dollars(most)}`;
  return facts(
    [
      ['Account', `${paint('bold', id)}  ${name}`],
      ['Since', minute(createdAt)],
      ['Pictures', visibility],
      ['Credit', limits.prepaid ? dollars(standing?.balanceMicros ?? 0) : 'not prepaid'],
      ['Today', spent(standing?.day.spentMicros, limits.dayMicros)],
      ['This month', spent(standing?.month.spentMicros, limits.monthMicros)],
      ['Reserved', dollars(standing?.reservedMicros ?? 0)],
      ['Requests', limits.requestsPerMinute === null ? 'no limit' : `${limit(limits.requestsPerMinute)} a minute`],
      ['In flight', `${standing?.inFlight ?? 0}, limit ${limit(limits.rendersInFlight)}`],
    ],
    paint,
  );
}

function accountTable(accounts: readonly Account[], paint: Paint): string {
  const budgetOf = (micros: number | null) => (micros === null ? 'none' : dollars(micros));
  return table(
    accounts,
    [
      { title: 'account', value: ({ id }) => paint('bold', id) },
      { title: 'name', value: ({ name }) => name },
      { title: 'pictures', value: ({ visibility }) => visibility },
      { title: 'prepaid', value: ({ limits }) => (limits.prepaid ? 'yes' : 'no') },
      { title: 'day', value: ({ limits }) => budgetOf(limits.dayMicros), align: 'right' },
      { title: 'month', value: ({ limits }) => budgetOf(limits.monthMicros), align: 'right' },
      { title: 'since (UTC)', value: ({ createdAt }) => minute(createdAt) },
    ],
    paint,
  );
}
