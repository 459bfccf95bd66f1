/** Builds the scripts and styles of the pages into `public/assets`. Started by pages.mjs. */
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './root.mjs';

const pages = {
  workbench: 'src/web/browser/workbench.tsx',
  sweep: 'src/web/browser/sweep.tsx',
  compare: 'src/web/browser/compare.tsx',
  gallery: 'src/web/browser/gallery.tsx',
  dashboard: 'src/web/browser/dashboard.tsx',
};
const entries = { site: 'src/web/browser/site.ts', ...pages };

// Whoever starts it: a test's own would build for development, with this machine's paths in the scripts.
process.env.NODE_ENV = 'production';

await build({
  configFile: false,
  root,
  logLevel: 'error',
  publicDir: false,
  // Where the files of one part of a page look for those of another.
  base: '/assets/',
  build: {
    outDir: join(root, 'public', 'assets'),
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
        // A file for what all of them have and one for what some have: a dozen small ones cost browser and service more.
        codeSplitting: {
          groups: [
            { name: 'page', minShareCount: Object.keys(pages).length, priority: 2 },
            { name: 'order', minShareCount: 2, priority: 1 },
          ],
        },
      },
      // Laid beside them as they are: see assets.mjs.
      external: [/^\/assets\//],
    },
  },
});
