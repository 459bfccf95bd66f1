import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { lockedPage } from './locked-page';
import { type FluxgateOptions, lockPathOf, prerenderBuild } from './prerender-build';

export type { FluxgateOptions } from './prerender-build';

/**
 * `fluxgate prerender` as a Vite plugin. A build makes the pictures that its pages want, and puts them in. The
 * development server shows those of the lock, and buys none.
 *
 * @example
 * export default defineConfig({ plugins: [fluxgate({ budget: 2 })] });
 */
export function fluxgate(options: FluxgateOptions = {}): Plugin {
  const site = { root: '.', folder: 'dist', base: '/', isServer: false, log: (_line: string): void => undefined };
  return {
    name: 'fluxgate',
    configResolved({ root, base, build, command, logger }) {
      Object.assign(site, { root, base });
      site.folder = resolve(root, build.outDir);
      // What a server runs are no pages.
      site.isServer = command === 'serve' || Boolean(build.ssr);
      site.log = (line) => logger.info(`fluxgate: ${line}`);
    },
    transformIndexHtml: {
      order: 'post',
      handler: async (html, { server, path }) =>
        server === undefined ? html : await lockedPage(html, path, lockPathOf(site.root, options)),
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
