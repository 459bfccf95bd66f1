import { join } from 'node:path';
import { env as variables } from 'node:process';
import { createClient } from '../../client/client';
import { FluxgateError } from '../../client/fluxgate-error';
import { createTransport } from '../../client/transport';
import { CommandError, explain } from '../exit-code';
import { serviceUrl } from '../service-url';
import { dollars, plural } from '../wording';
import { type Delivery, prefixUnder } from './delivery';
import { bringBack, keepDownloads } from './kept-downloads';
import { lockName } from './lock';
import { readLock } from './lock-file';
import { pictureService } from './picture-service';
import { titleOf } from './picture-title';
import { placeText } from './place';
import { type Offer, prerenderSite, type SiteReport } from './prerender-site';
import { boughtText, failedText } from './spent-words';

/** What a build tool is told. */
export interface FluxgateOptions {
  /** The service; `FLUXGATE_URL`, or the one that `npm start` runs. */
  readonly url?: string;
  /** An API key; `FLUXGATE_KEY`. */
  readonly key?: string;
  /** Dollars: buy nothing if all together costs more. Without one nothing is bought, and a build that would is to fail. */
  readonly budget?: number;
  /** Downloads the pictures to this folder of the site; `true`: `images`. */
  readonly inline?: string | boolean;
  /** What the URLs of downloads begin with; the folder below the site's base. Where that is relative, they are, too. */
  readonly prefix?: string;
  /** Names the pictures by links that are signed with this key of kind `link`. */
  readonly links?: { readonly key: string; readonly secret: string };
  /** The lock file; `fluxgate.lock.json` beside the configuration. */
  readonly lock?: string;
  /** Where downloads are kept for later builds; `node_modules/.cache/fluxgate`. In one that is committed, no build needs the service. */
  readonly cache?: string;
  /** Looks whether all is still stored, and makes again what is lost. */
  readonly online?: boolean;
  /** Takes pictures that come out otherwise than in the lock. */
  readonly accept?: boolean;
  readonly concurrency?: number;
}

const usualCache = 'node_modules/.cache/fluxgate';

export function lockPathOf(root: string, { lock }: FluxgateOptions): string {
  return join(root, lock ?? lockName);
}

export interface BuiltSite {
  readonly root: string;
  /** What the build wrote. */
  readonly folder: string;
  /** What the site's URLs begin with; where that begins with no slash and no scheme, they are relative. */
  readonly base: string;
  log(line: string): void;
}

/**
 * Puts their pictures into the pages that a build wrote.
 *
 * @param site its `log` is told what was done, a line at a time
 * @throws Error where a picture cannot be had: the build is to fail
 */
export async function prerenderBuild(site: BuiltSite, options: FluxgateOptions): Promise<void> {
  const { folder, log } = site;
  const access = { baseUrl: serviceUrl(options.url, variables, 'url'), key: options.key ?? variables.FLUXGATE_KEY };
  const service = pictureService(createClient(access), createTransport(access));
  const settings = {
    ...{ folder, out: null, lockPath: lockPathOf(site.root, options), delivery: deliveryOf(site, options) },
    budgetMicros: options.budget === undefined ? null : Math.round(options.budget * 1_000_000),
    concurrency: options.concurrency ?? 4,
    ...{ isOnline: options.online ?? false, accepts: options.accept ?? false },
  };
  const watcher = {
    ...{ signal: new AbortController().signal, progress: () => undefined },
    agrees: async ({ quotes, totalMicros }: Offer) => {
      log(`${plural(quotes.length, 'picture')} to make, for ${dollars(totalMicros)}`);
      if (totalMicros > 0 && options.budget === undefined)
        throw new CommandError('fluxgate: nothing was bought: give the plugin a budget in dollars that it may spend.');
      return true;
    },
  };
  const prerender = async () => await prerenderSite(service, settings, watcher);
  tell(await withKept(site, { ...settings, cache: options.cache ?? usualCache }, prerender), log);
}

/** Does it with the downloads of earlier builds in place, and keeps its own for later ones. */
async function withKept(
  { root, folder, log }: BuiltSite,
  { cache, delivery, lockPath }: { readonly cache: string; readonly delivery: Delivery; readonly lockPath: string },
  prerender: () => Promise<SiteReport>,
): Promise<SiteReport> {
  const keeping =
    delivery.kind === 'inline' ? { root: folder, folder: delivery.folder, cache: join(root, cache) } : null;
  const before = keeping === null ? null : await readLock(lockPath);
  const missing = keeping === null || before === null ? 0 : await bringBack(before, keeping);
  const report = await prerender().catch((thrown) => {
    if (!(thrown instanceof FluxgateError)) throw thrown;
    const known =
      missing === 0
        ? ''
        : `\n${plural(missing, 'download')} of earlier builds ${missing === 1 ? 'is' : 'are'} not in ${cache}.`;
    throw new Error(`fluxgate: ${explain(thrown)}${known}`, { cause: thrown });
  });
  if (keeping !== null && report.lock !== null)
    await keepDownloads(report.lock, keeping).catch((thrown) => log(`nothing is kept: ${explain(thrown)}`));
  return report;
}

function tell(report: SiteReport, log: BuiltSite['log']): void {
  const { wanted, made, unpinnable, putBack, removed, kept } = report;
  const wrong = wrongIn(report);
  if (wrong.length > 0) throw new Error(`fluxgate: ${wrong.join('\n')}`);
  for (const path of putBack) log(`put back ${path}`);
  for (const path of removed) log(`removed ${path}`);
  for (const { path, reason } of kept) log(`${path} is kept: ${reason}.`);
  for (const fingerprint of unpinnable) log(`${fingerprint} is not pinned any more.`);
  const bought = made.filter(({ isBought }) => isBought).length;
  if (wanted.length > 0) log(`${plural(wanted.length, 'picture')} in place, ${bought} bought`);
}

/** What fails the build, and what was spent on it. */
function wrongIn({ made, failures, unwritten, changed }: SiteReport): readonly string[] {
  const wrong = [
    ...failures.map(({ picture, error, spentMicros }) => {
      const charge = spentMicros > 0 ? ` It cost ${dollars(spentMicros)} all the same.` : '';
      return `${picture.places.map(placeText).join(', ')}  ${explain(error)}${charge}`;
    }),
    ...unwritten.map(({ message }) => message),
    ...changed.map((picture) => `${titleOf(picture)} came out otherwise than in the lock: \`accept: true\` takes it.`),
  ];
  if (wrong.length === 0 || made.length === 0) return wrong;
  const counts = [boughtText(made), ...(failures.length > 0 ? [failedText(failures)] : [])].join(', ');
  return [...wrong, `${counts}. What is made is not bought again.`];
}

function deliveryOf({ base }: BuiltSite, { inline, prefix, links }: FluxgateOptions): Delivery {
  if (links !== undefined) return { kind: 'links', signer: { keyId: links.key, secret: links.secret } };
  if (inline === undefined || inline === false) return { kind: 'stored' };
  const folder = inline === true ? 'images' : inline;
  return { kind: 'inline', folder, prefix: prefix ?? prefixUnder(base, folder) };
}
