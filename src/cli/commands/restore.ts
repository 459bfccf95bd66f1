import type { Command } from 'commander';
import type { Restoration } from '../../client/admin';
import { showProgress } from '../progress';
import type { Act, Session } from '../session';
import { plural } from '../wording';
import { examples } from '../words';

type Part = keyof Session['admin']['restore'];

export function restoreCommand(program: Command, act: Act): void {
  const restore = program
    .command('restore')
    .description('put right what a lost database or bucket left behind (admins); safe to repeat');
  restore
    .command('ledger')
    .description('list stored pictures again, and write what the accounts were credited and spent')
    .addHelpText('after', examples('restore ledger'))
    .action(
      act(async (session) => {
        const listing = await restoreAll(session, 'listing');
        const accounts = await restoreAll(session, 'accounts');
        session.answer({ listing, accounts }, () =>
          [
            `${told(listing, 'picture')} ${listing.restored} had no row, and are listed again.`,
            `${told(accounts, 'account')} ${accounts.restored} had spent what the ledger did not have.`,
          ].join('\n'),
        );
        return undefined;
      }),
    );
  restore
    .command('pictures')
    .description('note which pictures are gone, so that the next order of one makes it again')
    .addHelpText('after', examples('restore pictures'))
    .action(
      act(async (session) => {
        const missing = await restoreAll(session, 'missing');
        session.answer({ missing }, () => `${told(missing, 'picture')} ${missing.restored} are gone.`);
        return undefined;
      }),
    );
}

const told = ({ checked }: Pick<Restoration, 'checked' | 'restored'>, noun: string) =>
  `${plural(checked, noun)} checked:`;

async function restoreAll(
  { admin, terminal }: Session,
  part: Part,
): Promise<Pick<Restoration, 'checked' | 'restored'>> {
  const progress = showProgress(terminal);
  let [checked, restored, cursor] = [0, 0, null as string | null];
  try {
    do {
      progress.update(`${part}: ${checked} checked, ${restored} restored`, null);
      const page = await admin.restore[part](cursor);
      checked += page.checked;
      restored += page.restored;
      cursor = page.next;
    } while (cursor !== null);
    return { checked, restored };
  } finally {
    progress.end();
  }
}
