import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Files that the service hands out itself as they are, so that its pages ask no foreign host. */
const ASSETS = {
  'assets/scalar.js': 'node_modules/@scalar/api-reference/dist/browser/standalone.js',
  'assets/mark.svg': 'src/web/styles/mark.svg',
  'assets/display.ttf': 'src/providers/sandbox/fonts/noto-serif-display-black.ttf',
  'assets/display.OFL.txt': 'src/providers/sandbox/fonts/noto-serif-display.OFL.txt',
};

/** Lays the static assets of the deployment in `public/`, which git ignores. */
export function layAssets() {
  for (const [asset, source] of Object.entries(ASSETS)) {
    const target = join(root, 'public', asset);
    mkdirSync(dirname(target), { recursive: true });
    // A service that runs watches these: one that is written anew, though the same, makes it restart in mid-request.
    const isLaid = existsSync(target) && readFileSync(target).equals(readFileSync(join(root, source)));
    if (!isLaid) copyFileSync(join(root, source), target);
  }
}
