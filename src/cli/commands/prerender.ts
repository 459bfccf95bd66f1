import { join } from 'node:path';
import type { Command } from 'commander';
import type { LinkSigner } from '../../client/signed-link';
import { CommandError } from '../exit-code';
import type { Lock } from '../prerender/lock';
import type { SiteSettings } from '../prerender/prerender-site';
import type { Act } from '../session';
import { allowance, examples, wholeNumber } from '../words';

/** What `fluxgate prerender` was told. */
export interface PrerenderWords {
  readonly out?: string;
  readonly inPlace?: boolean;
  readonly lock?: string;
  readonly budget?: number;
  readonly yes?: boolean;
  readonly concurrency: number;
  readonly stored?: boolean;
  readonly links?: boolean;
  readonly linkKey?: string | undefined;
  readonly linkSecret?: string | undefined;
  readonly inline?: string | true;
  readonly prefix?: string;
  readonly check?: boolean;
  readonly online?: boolean;
  readonly pin?: boolean;
  readonly unpin?: boolean;
  readonly accept?: boolean;
}

export function prerenderCommand(program: Command, act: Act): void {
  const command = program
    .command('prerender <folder>')
    .description('make the pictures that the pages of a folder ask for, and put them in')
    .option('--out <folder>', 'write the whole site there, and leave this one as it is')
    .option('--in-place', 'write the pages themselves (the default, where the lock has no other)')
    .option('--budget <dollars>', 'buy nothing if all together costs more', allowance)
    .option('-y, --yes', 'do not ask before buying')
    .option('--concurrency <pictures>', 'how many are made at a time', wholeNumber(1, 32), 4);
  withDeliveryOptions(command)
    .option('--check', 'change and buy nothing; exit code 6 where pages and lock differ (for CI)')
    .option('--online', 'look whether what the lock has is still stored, the same')
    .option('--accept', 'take a picture that came out otherwise when it was made again')
    .option('--pin', 'have the pictures kept whatever the retention')
    .option('--unpin', 'the reverse')
    .option('--lock <file>', 'the lock file (fluxgate.lock.json in the folder)')
    .addHelpText(
      'after',
      examples(
        'prerender site --budget 2',
        'prerender site --out dist --inline images --yes',
        'prerender site --check',
        'prerender site --links --pin',
      ),
    )
    .action(
      act<[string], PrerenderWords>(async (session, [folder], given) => {
        const { FLUXGATE_LINK_KEY, FLUXGATE_LINK_SECRET } = session.variables;
        const words = { linkKey: FLUXGATE_LINK_KEY, linkSecret: FLUXGATE_LINK_SECRET, ...given };
        const settings = await settingsOf(folder, words);
        // Parsers are large, and no other command needs them.
        const { runCheck, runPrerender } = await import('../prerender/command-runs');
        return words.check === true
          ? await runCheck(session, settings)
          : await runPrerender(session, settings, { isAsking: words.yes !== true, pins: pinsOf(words) });
      }),
    );
}

function withDeliveryOptions(command: Command): Command {
  return command
    .option('--stored', 'name pictures by where the service has them (the default, where the lock has no other)')
    .option('--links', 'name pictures by signed links, which make a lost one again')
    .option('--link-key <id>', 'the id of a key of kind link (FLUXGATE_LINK_KEY)')
    .option('--link-secret <secret>', 'its secret (FLUXGATE_LINK_SECRET)')
    .option('--inline [folder]', 'download the pictures to this folder of the site (images)')
    .option('--prefix <url>', 'what the URLs of downloads begin with; else they are relative to each page');
}

async function settingsOf(folder: string, words: PrerenderWords): Promise<SiteSettings> {
  const lockPath = words.lock ?? join(folder, 'fluxgate.lock.json');
  const { readLock } = await import('../prerender/lock-file');
  const lock = await readLock(lockPath);
  if (words.out !== undefined && words.inPlace) throw new CommandError('Choose one of --out and --in-place.');
  const remembered = typeof lock?.out === 'string' ? join(folder, lock.out) : null;
  const out = words.inPlace ? null : (words.out ?? remembered);
  if (out !== null && !words.check) {
    const { expectHarmless } = await import('../prerender/out-folder');
    await expectHarmless({ folder, out, lock, lockPath, isGiven: words.out !== undefined });
  }
  return {
    folder,
    out,
    lockPath,
    delivery: givenDelivery(words) ?? lastDelivery(lock, words),
    budgetMicros: words.budget ?? null,
    concurrency: words.concurrency,
    isOnline: words.online === true,
    accepts: words.accept === true,
  };
}

function givenDelivery(words: PrerenderWords): SiteSettings['delivery'] | null {
  const { stored, links, inline, prefix, check } = words;
  if ([stored, links, inline].filter(Boolean).length > 1)
    throw new CommandError('Choose one of --stored, --links and --inline.');
  if (prefix !== undefined && inline === undefined) throw new CommandError('--prefix goes with --inline.');
  if (inline !== undefined)
    return { kind: 'inline', folder: inline === true ? 'images' : folderName(inline), prefix: prefix ?? null };
  if (stored || check) return { kind: 'stored' };
  return links ? { kind: 'links', signer: signerOf(words) } : null;
}

/** As the last time, so that a site keeps its way. */
function lastDelivery(lock: Lock | null, words: PrerenderWords): SiteSettings['delivery'] {
  if (lock?.delivery === 'links') return { kind: 'links', signer: signerOf(words) };
  return lock === null || lock.inline === null ? { kind: 'stored' } : { kind: 'inline', ...lock.inline };
}

function signerOf({ linkKey, linkSecret }: PrerenderWords): LinkSigner {
  if (linkKey && linkSecret) return { keyId: linkKey, secret: linkSecret };
  throw new CommandError(
    'Links take a --link-key and its --link-secret (FLUXGATE_LINK_KEY, FLUXGATE_LINK_SECRET): "fluxgate keys create <account> --link".',
  );
}

function folderName(text: string): string {
  const parts = text.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  if (parts.length > 0 && !parts.includes('..') && !text.startsWith('/')) return parts.join('/');
  throw new CommandError(`"${text}" is no folder of the site: expected one such as images.`);
}

function pinsOf({ pin, unpin }: PrerenderWords): 'pin' | 'unpin' | null {
  if (pin && unpin) throw new CommandError('Choose one of --pin and --unpin.');
  return pin ? 'pin' : unpin ? 'unpin' : null;
}
