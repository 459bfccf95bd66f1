import { join } from 'node:path';
import { env as variables } from 'node:process';
import { createClient } from '../../client/client';
import { createTransport } from '../../client/transport';
import { CommandError, explain } from '../exit-code';
import { serviceUrl } from '../service-url';
import { dollars, plural } from '../wording';
import type { Delivery } from './delivery';
import { lockName } from './lock';
import { pictureService } from './picture-service';
import { titleOf } from './picture-title';
import { placeText } from './place';
import { prerenderSite } from './prerender-site';

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
  /** What the URLs of downloads begin with, such as `/images/`; else they are relative to each page. */
  readonly prefix?: string;
  /** Names the pictures by links that are signed with this key of kind `link`. */
  readonly links?: { readonly key: string; readonly secret: string };
  /** The lock file; `fluxgate.lock.json` beside the configuration. */
  readonly lock?: string;
  readonly concurrency?: number;
}

export function lockPathOf(root: string, { lock }: FluxgateOptions): string {
  return join(root, lock ?? lockName);
}

/**
 * Puts their pictures into the pages that a build wrote.
 *
 * @param log told what was done, a line at a time
 * @throws Error where a picture cannot be had: the build is to fail
 */
export async function prerenderBuild(
  { root, folder, log }: { readonly root: string; readonly folder: string; log(line: string): void },
  options: FluxgateOptions,
): Promise<void> {
  const baseUrl = serviceUrl(options.url, variables, 'url');
  const access = { baseUrl, key: options.key ?? variables.FLUXGATE_KEY };
  const settings = {
    ...{ folder, out: null, lockPath: lockPathOf(root, options), delivery: deliveryOf(options) },
    budgetMicros: options.budget === undefined ? null : Math.round(options.budget * 1_000_000),
    ...{ concurrency: options.concurrency ?? 4, isOnline: false, accepts: false },
  };
  const watcher = {
    ...{ signal: new AbortController().signal, progress: () => undefined },
    agrees: async ({ quotes, totalMicros }: { quotes: readonly unknown[]; totalMicros: number }) => {
      log(`${plural(quotes.length, 'picture')} to make, for ${dollars(totalMicros)}`);
      if (totalMicros > 0 && options.budget === undefined)
        throw new CommandError('fluxgate: nothing was bought: give the plugin a budget in dollars that it may spend.');
      return true;
    },
  };
  const service = pictureService(createClient(access), createTransport(access));
  const report = await prerenderSite(service, settings, watcher);
  const { wanted, made, failures, changed, unwritten, unpinnable, putBack, removed, kept } = report;
  const wrong = [
    ...failures.map((failure) => {
      const charge = failure.spentMicros > 0 ? ` It cost ${dollars(failure.spentMicros)} all the same.` : '';
      return `${failure.picture.places.map(placeText).join(', ')}  ${explain(failure.error)}${charge}`;
    }),
    ...unwritten.map(({ message }) => message),
    ...changed.map((picture) => `${titleOf(picture)} came out otherwise than in the lock.`),
  ];
  if (wrong.length > 0) throw new Error(`fluxgate: ${wrong.join('\n')}`);
  for (const path of putBack) log(`put back ${path}`);
  for (const path of removed) log(`removed ${path}`);
  for (const { path, reason } of kept) log(`${path} is kept: ${reason}.`);
  for (const fingerprint of unpinnable) log(`${fingerprint} is not pinned any more.`);
  const bought = made.filter(({ isBought }) => isBought).length;
  if (wanted.length > 0) log(`${plural(wanted.length, 'picture')} in place, ${bought} bought`);
}

function deliveryOf({ inline, prefix, links }: FluxgateOptions): Delivery {
  if (links !== undefined) return { kind: 'links', signer: { keyId: links.key, secret: links.secret } };
  if (inline === undefined || inline === false) return { kind: 'stored' };
  return { kind: 'inline', folder: inline === true ? 'images' : inline, prefix: prefix ?? null };
}
