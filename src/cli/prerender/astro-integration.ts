import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { explain } from '../exit-code';
import { changeHtml } from './changed-answer';
import { lockedPage } from './locked-page';
import { type FluxgateOptions, lockPathOf, prerenderBuild } from './prerender-build';

export type { FluxgateOptions } from './prerender-build';

interface Logger {
  info(line: string): void;
}
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** As Astro has it: https://docs.astro.build/en/reference/integrations-reference/ */
export interface FluxgateIntegration {
  readonly name: string;
  readonly hooks: {
    'astro:config:done'(found: { readonly config: { readonly root: URL; readonly base: string } }): void;
    'astro:server:setup'(started: {
      readonly server: { readonly middlewares: { use(handler: Handler): unknown } };
      readonly logger: Logger;
    }): void;
    'astro:build:done'(built: { readonly dir: URL; readonly logger: Logger }): Promise<void>;
  };
}

/**
 * `fluxgate prerender` as an Astro integration: a build makes the pictures that its pages want, and puts them in,
 * whether they come from `.astro`, Markdown or MDX. The development server shows those of the lock, and buys none.
 *
 * @example
 * export default defineConfig({ integrations: [fluxgate({ budget: 2 })] });
 */
export function fluxgate(options: FluxgateOptions = {}): FluxgateIntegration {
  const site = { root: process.cwd(), base: '/' };
  return {
    name: 'fluxgate',
    hooks: {
      'astro:config:done': ({ config }) => {
        site.root = fileURLToPath(config.root);
        site.base = config.base;
      },
      // Astro shows its pages to no plugin of its Vite.
      'astro:server:setup': ({ server, logger }) => {
        server.middlewares.use((_request, response, next) => {
          changeHtml(response, async (html) => {
            try {
              return await lockedPage(html, 'index.html', lockPathOf(site.root, options));
            } catch (thrown) {
              logger.info(explain(thrown));
              return html;
            }
          });
          next();
        });
      },
      'astro:build:done': async ({ dir, logger }) =>
        await prerenderBuild({ ...site, folder: fileURLToPath(dir), log: (line) => logger.info(line) }, options),
    },
  };
}
