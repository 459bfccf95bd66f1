import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { localEnvironment } from './environment.mjs';
import { run } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { root } from './root.mjs';

const sources = ['src/web', 'src/client', 'scripts/build-pages.mjs', 'package-lock.json'];
const output = join(root, 'public', 'assets');
const stampPath = join(root, 'node_modules', '.cache', 'fluxgate-pages');

/**
 * Builds the scripts and styles of the pages into `public/assets`, unless they are made of exactly these sources: a
 * service that runs watches that folder, and restarts when a file there is written.
 */
export async function buildPages() {
  const stamp = digestOf(sources);
  const isBuilt =
    existsSync(join(output, 'site.js')) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp;
  if (isBuilt) return;
  // By the Node that the packages bring: this one may be too old for Vite.
  const { code, output: said } = await run(['node', join(root, 'scripts', 'build-pages.mjs')], {
    env: localEnvironment(),
  });
  if (code !== 0) throw new Halt(`The pages cannot be built: ${said}`);
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, stamp);
}

/** @param {readonly string[]} paths of files and folders */
function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((name) => filesBelow(join(root, name)))) {
    hash.update(`${relative(root, path)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} itself, or all files below it
 */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
