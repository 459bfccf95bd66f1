import type { Command } from 'commander';
import { FluxgateError } from '../../client/fluxgate-error';
import { CommandError } from '../exit-code';
import { showProgress } from '../progress';
import type { Act } from '../session';
import { bytes, plural } from '../wording';
import { examples } from '../words';

/** A picture by its fingerprint, or by any URL that has it. */
function fingerprintIn(text: string): string {
  const found = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/.exec(text)?.[0];
  if (found !== undefined) return found;
  throw new CommandError(`"${text.slice(0, 80)}" names no picture: expected a fingerprint of 64 digits, or its URL.`);
}

interface PurgeOptions {
  readonly admin?: true;
}

/** An admin's key or token may do nothing on the way of accounts. @throws FluxgateError */
function withWayOfAdmins(thrown: unknown): never {
  if (!(thrown instanceof FluxgateError) || !/^(unauthenticated|forbidden)$/.test(thrown.code)) throw thrown;
  throw new FluxgateError({ ...thrown, message: `${thrown.message} Admins delete any picture with --admin.` });
}

export function pictureCommands(program: Command, act: Act): void {
  program
    .command('purge <fingerprint>')
    .description('delete a picture that your account bought, and all that was made of it')
    .option('--admin', 'any picture, whosever it is (admins)')
    .addHelpText('after', examples('purge 4f1c…', 'purge https://pictures.example.com/images/4f1c….png --admin'))
    .action(
      act<[string], PurgeOptions>(async ({ admin, own, answer, terminal }, [text], { admin: isAdmin }) => {
        const fingerprint = fingerprintIn(text);
        const purged = isAdmin
          ? await admin.pictures.purge(fingerprint)
          : await own.purge(fingerprint).catch(withWayOfAdmins);
        const { edgeCache, edgeCacheMessage, objects } = purged;
        const files = `${plural(objects, 'file')}, ${bytes(purged.bytes)}`;
        const gone = objects === 0 ? `${fingerprint} had no files any more.` : `${fingerprint} is gone: ${files}.`;
        const edge = edgeCache === 'failed' ? `\n${terminal.paint('yellow', '!')} ${edgeCacheMessage}` : '';
        answer(purged, () => gone + edge);
        return undefined;
      }),
    );
  program
    .command('rerender <fingerprint>')
    .description('buy a picture again, in the place of the stored one (admins)')
    .addHelpText('after', examples('rerender 4f1c…'))
    .action(
      act<[string], object>(async ({ admin, answer, terminal }, [text]) => {
        const { paint } = terminal;
        const fingerprint = fingerprintIn(text);
        const progress = showProgress(terminal);
        progress.update('making it again', null);
        const made = await admin.pictures.rerender(fingerprint).finally(() => progress.end());
        answer(made, () =>
          made.same
            ? `${paint('green', '✓')} ${fingerprint} came out the same, to the byte.`
            : `${paint('yellow', '≠')} ${fingerprint} came out otherwise: ${made.beforeSha256} is now ${made.afterSha256}.`,
        );
        return undefined;
      }),
    );
}
