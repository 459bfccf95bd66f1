import type { Command } from 'commander';
import type { Act } from '../session';
import { facts } from '../table';
import { dollars, minute } from '../wording';
import { examples } from '../words';

export function balanceCommand(program: Command, act: Act): void {
  program
    .command('balance')
    .description('what the account has left')
    .addHelpText('after', examples('balance', 'balance --json'))
    .action(
      act(async ({ client, answer, terminal: { paint } }) => {
        const balance = await client.balance();
        const { day, month } = balance;
        const used = ({ limitMicros, spentMicros, resetsAt }: typeof day) =>
          limitMicros === null
            ? `${dollars(spentMicros)} spent, no budget`
            : `${dollars(spentMicros)} of ${dollars(limitMicros)}, anew at ${minute(resetsAt)} UTC`;
        answer(balance, () =>
          facts(
            [
              ['Balance', balance.prepaid ? paint('bold', dollars(balance.balanceMicros)) : 'not prepaid'],
              ['Reserved', dollars(balance.reservedMicros)],
              ['Today', used(day)],
              ['This month', used(month)],
            ],
            paint,
          ),
        );
        return undefined;
      }),
    );
}
