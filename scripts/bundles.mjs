import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  'vite.js': {
    entry: 'src/cli/prerender/vite-plugin.ts',
    sources: ['src/client', 'src/cli'],
    platform: 'node',
    target: 'node20',
  },
  'astro.js': {
    entry: 'src/cli/prerender/astro-integration.ts',
    sources: ['src/client', 'src/cli'],
    platform: 'node',
    target: 'node20',
  },
};

/** Of the client, and of what build tools take. They stand alone: what is outside of `rootDir` is none of theirs. */
const TYPES = [
  {
    entry: 'index.d.ts',
    project: 'src/client/tsconfig.published.json',
    rootDir: 'src/client',
    sources: ['src/client'],
    folder: 'dist/types',
  },
  {
    entry: 'cli/prerender/vite-plugin.d.ts',
    project: 'src/cli/prerender/tsconfig.json',
    rootDir: 'src',
    sources: ['src/client', 'src/cli'],
    folder: 'dist/build-types',
  },
];

/** Builds the client, its administration and its types, and the command line, as far as their sources changed. */
export async function buildAll() {
  await Promise.all([...Object.keys(BUNDLES).map((name) => build(name)), ...TYPES.map(buildTypes)]);
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

/**
 * The types of what is published of a folder, one file for each of its own.
 *
 * @param {{ entry: string, project: string, rootDir: string, sources: readonly string[], folder: string }} wanted
 */
async function buildTypes({ entry, project, rootDir, sources, folder }) {
  if (isFresh(join(root, folder, entry), sources)) return;
  rmSync(join(root, folder), { recursive: true, force: true });
  const places = ['--project', project, '--rootDir', rootDir, '--outDir', folder];
  const declarations = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
  await promisify(execFile)(tool('tsc'), [...places, ...declarations], { cwd: root });
  const inside = dirname(join(root, folder, entry));
  for (const name of readdirSync(inside)) if (name.endsWith('.d.ts')) nameExtensions(join(inside, name));
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
