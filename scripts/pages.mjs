import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf } from './digest.mjs';
import { localEnvironment } from './environment.mjs';
import { run } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { root } from './root.mjs';

const sources = ['src/web', 'src/client', 'scripts/build-pages.mjs', 'package-lock.json'];
const output = 'public/assets';
const stampPath = join(root, 'node_modules', '.cache', 'fluxgate-pages');

/** Builds the scripts and styles of the pages into `public/assets`, unless they lie there as these sources make them. */
export async function buildPages() {
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stampOfNow()) return;
  // By the Node that the packages bring: this one may be too old for Vite.
  const { code, output: said } = await run(['node', join(root, 'scripts', 'build-pages.mjs')], {
    env: localEnvironment(),
  });
  if (code !== 0) throw new Halt(`The pages cannot be built: ${said}`);
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, stampOfNow());
}

const stampOfNow = () => `${digestOf(sources)} ${digestOf([output])}`;
