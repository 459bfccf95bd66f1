import { fileURLToPath } from 'node:url';
import { type FluxgateOptions, prerenderBuild } from './prerender-build';

export type { FluxgateOptions } from './prerender-build';

/** As Astro has it: https://docs.astro.build/en/reference/integrations-reference/ */
export interface FluxgateIntegration {
  readonly name: string;
  readonly hooks: {
    'astro:config:done'(found: { readonly config: { readonly root: URL } }): void;
    'astro:build:done'(built: { readonly dir: URL; readonly logger: { info(line: string): void } }): Promise<void>;
  };
}

/**
 * `fluxgate prerender` as an Astro integration: a build makes the pictures that its pages want, and puts them in,
 * whether they come from `.astro`, Markdown or MDX.
 *
 * @example
 * export default defineConfig({ integrations: [fluxgate({ budget: 2 })] });
 */
export function fluxgate(options: FluxgateOptions = {}): FluxgateIntegration {
  let root = process.cwd();
  return {
    name: 'fluxgate',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:build:done': async ({ dir, logger }) =>
        await prerenderBuild({ root, folder: fileURLToPath(dir), log: (line) => logger.info(line) }, options),
    },
  };
}
