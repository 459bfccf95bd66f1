import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { CommandError } from '../exit-code';
import type { SiteSettings } from '../prerender/prerender-site';
import type { Act } from '../session';
import { dollarsAsMicros, examples, wholeNumber } from '../words';

/** What `fluxgate prerender` was told. */
export interface PrerenderWords {
  readonly out?: string;
  readonly lock?: string;
  readonly budget?: number;
  readonly yes?: boolean;
  readonly concurrency: number;
  readonly links?: boolean;
  readonly linkKey?: string;
  readonly linkSecret?: string;
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
    .option('--budget <dollars>', 'buy nothing if all together costs more', dollarsAsMicros)
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
      act<[string], PrerenderWords>(async (session, [folder], words) => {
        const settings = settingsOf(folder, words);
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
    .option('--links', 'name pictures by signed links, which make a lost one again')
    .addOption(new Option('--link-key <id>', 'the id of a key of kind link').env('FLUXGATE_LINK_KEY'))
    .addOption(new Option('--link-secret <secret>', 'its secret').env('FLUXGATE_LINK_SECRET'))
    .option('--inline [folder]', 'download the pictures to this folder of the site (images)')
    .option('--prefix <url>', 'what the URLs of downloads begin with; else they are relative to each page');
}

function settingsOf(folder: string, words: PrerenderWords): SiteSettings {
  return {
    folder,
    out: words.out ?? null,
    lockPath: words.lock ?? join(folder, 'fluxgate.lock.json'),
    delivery: deliveryOf(words),
    budgetMicros: words.budget ?? null,
    concurrency: words.concurrency,
    isOnline: words.online === true,
    accepts: words.accept === true,
  };
}

function deliveryOf({ links, linkKey, linkSecret, inline, prefix, check }: PrerenderWords): SiteSettings['delivery'] {
  if (links && inline !== undefined) throw new CommandError('Choose one of --links and --inline.');
  if (inline !== undefined)
    return { kind: 'inline', folder: inline === true ? 'images' : folderName(inline), prefix: prefix ?? null };
  if (prefix !== undefined) throw new CommandError('--prefix goes with --inline.');
  if (!links || check) return { kind: 'stored' };
  if (linkKey === undefined || linkSecret === undefined)
    throw new CommandError(
      '--links takes a --link-key and its --link-secret (FLUXGATE_LINK_KEY, FLUXGATE_LINK_SECRET): "fluxgate keys create <account> --kind link".',
    );
  return { kind: 'links', signer: { keyId: linkKey, secret: linkSecret } };
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
