import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Files of packages that the service hands out itself, so that its pages ask no foreign host. */
const ASSETS = { 'assets/scalar.js': 'node_modules/@scalar/api-reference/dist/browser/standalone.js' };

/** Lays the static assets of the deployment in `public/`, which git ignores. */
export function layAssets() {
  for (const [asset, source] of Object.entries(ASSETS)) {
    const target = join(root, 'public', asset);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, source), target);
  }
}
