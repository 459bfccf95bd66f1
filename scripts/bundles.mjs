import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, tool } from './root.mjs';

/** What a bundle is made of besides its own sources. */
const RECIPE = ['package.json', 'package-lock.json', 'scripts/bundles.mjs'];

/** @typedef {{ entry: string, sources: readonly string[], platform: 'browser' | 'node', target: string }} Bundle */

/** @type {Readonly<Record<string, Bundle>>} by the file that each becomes in `dist/` */
const BUNDLES = {
  'client.js': { entry: 'src/client/index.ts', sources: ['src/client'], platform: 'browser', target: 'es2022' },
  'admin.js': { entry: 'src/client/admin.ts', sources: ['src/client'], platform: 'browser', target: 'es2022' },
  'flux-image.js': {
    entry: 'src/client/flux-image.ts',
    sources: ['src/client'],
    platform: 'browser',
    target: 'es2022',
  },
  'cli.js': { entry: 'src/cli/run.ts', sources: ['src/client', 'src/cli'], platform: 'node', target: 'node20' },
};

/** Builds the client, its administration and its types, and the command line, as far as their sources changed. */
export async function buildAll() {
  await Promise.all([...Object.keys(BUNDLES).map((name) => build(name)), buildTypes()]);
}

/**
 * Builds one file of `dist/`, unless it is newer than all that it is made of.
 *
 * @param {string} name
 * @returns {Promise<string>} its path
 */
export async function build(name) {
  const path = join(root, 'dist', name);
  const bundle = BUNDLES[name];
  if (bundle === undefined) throw new Error(`There is no bundle called ${name}.`);
  if (isFresh(path, bundle.sources)) return path;
  const { build: esbuild } = await import('esbuild');
  await esbuild({
    entryPoints: [join(root, bundle.entry)],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: bundle.platform,
    target: bundle.target,
    minify: bundle.platform === 'browser',
    logLevel: 'warning',
  });
  return path;
}

/** The types of the client, one file for each of its own. */
async function buildTypes() {
  const folder = join(root, 'dist/types');
  const path = join(folder, 'index.d.ts');
  if (isFresh(path, ['src/client'])) return;
  const project = ['--project', join(root, 'src/client/tsconfig.json'), '--rootDir', join(root, 'src/client')];
  const declarations = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', folder];
  await promisify(execFile)(tool('tsc'), [...project, ...declarations]);
  for (const name of readdirSync(folder)) nameExtensions(join(folder, name));
}

/**
 * Node's own rules for types want the extension that bundlers leave out.
 *
 * @param {string} path
 */
function nameExtensions(path) {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/(from '|import\(")(\.\/[a-z-]+)(?=['"])/g, '$1$2.js'));
}

/**
 * @param {string} path
 * @param {readonly string[]} sources folders
 */
function isFresh(path, sources) {
  if (!existsSync(path)) return false;
  const builtAt = statSync(path).mtimeMs;
  const files = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))),
  );
  return [...RECIPE, ...files].every((file) => statSync(join(root, file)).mtimeMs <= builtAt);
}
