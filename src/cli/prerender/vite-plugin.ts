import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { showsOf } from './delivery';
import { readLock } from './lock-file';
import { readPage } from './page';
import { type FluxgateOptions, lockPathOf, prerenderBuild } from './prerender-build';
import { withPictures } from './write-site';

export type { FluxgateOptions } from './prerender-build';

/**
 * `fluxgate prerender` as a Vite plugin. A build makes the pictures that its pages want, and puts them in. The
 * development server shows those of the lock, and buys none.
 *
 * @example
 * export default defineConfig({ plugins: [fluxgate({ budget: 2 })] });
 */
export function fluxgate(options: FluxgateOptions = {}): Plugin {
  const site = { root: '.', folder: 'dist', isServer: false, log: (_line: string): void => undefined };
  return {
    name: 'fluxgate',
    configResolved({ root, build, command, logger }) {
      site.root = root;
      site.folder = resolve(root, build.outDir);
      // What a server runs are no pages.
      site.isServer = command === 'serve' || Boolean(build.ssr);
      site.log = (line) => logger.info(`fluxgate: ${line}`);
    },
    transformIndexHtml: {
      order: 'post',
      handler: async (html, { server, path }) =>
        server === undefined ? html : await withLocked(html, path, lockPathOf(site.root, options)),
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      handler: async () => {
        if (!site.isServer) await prerenderBuild(site, options);
      },
    },
  };
}

async function withLocked(html: string, path: string, lockPath: string): Promise<string> {
  const [page, lock] = [readPage(path, html), await readLock(lockPath)];
  if (page === null || lock === null) return html;
  const shows = await showsOf(lock, { kind: 'stored' });
  return withPictures(page, lock, shows(path));
}
