import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { layAssets } from './assets.mjs';
import { buildAll } from './bundles.mjs';
import { layEmbed } from './embed.mjs';
import { run } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { buildPages } from './pages.mjs';
import { root } from './root.mjs';

/** What npm says, as a code, when the registry is out of reach. */
const OFFLINE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** Nothing is asked of the network that is in npm's cache, and a dead network is told within seconds. */
const INSTALL = [
  'ci',
  '--include=dev',
  '--prefer-offline',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=4000',
  '--no-progress',
  '--loglevel=error',
];

/** @typedef {Record<string, { integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages by their path */

/** Installs the locked packages, unless exactly these are installed, lays the static assets and builds the pages. */
export async function setUp() {
  const locked = readPackages('package-lock.json');
  if (!locked) throw new Halt('package-lock.json is missing or damaged: restore it from the repository.');
  if (!isInstalled(locked)) await install();
  await layAssets();
  await buildAll();
  layEmbed();
  await buildPages();
}

/**
 * npm writes down what it installed when it has finished, so a half-done installation is not taken for a whole one.
 *
 * @param {Packages} locked
 */
function isInstalled(locked) {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return false;
  return Object.entries(locked).every(([path, { integrity, optional, devOptional }]) => {
    const isAbsent = installed[path] === undefined;
    const mayBeAbsent = path === '' || optional || devOptional;
    return isAbsent ? mayBeAbsent : installed[path]?.integrity === integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Packages | undefined} nothing when there is no such file, or when it is damaged
 */
function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  const startedAt = Date.now();
  console.log('Installing the locked packages. This happens once, and again when the lock file changes.');
  const progress = setInterval(() => console.log(`  … ${secondsSince(startedAt)} s`), 10_000);
  const { code, output } = await run([...npmCommand(), ...INSTALL], { env: process.env });
  clearInterval(progress);
  if (code !== 0) throw new Halt(explainFailure(code, output));
  console.log(`Installed in ${secondsSince(startedAt)} s.`);
}

/** @returns {[string, ...string[]]} the npm that runs this script, else the one on the PATH */
function npmCommand() {
  const { npm_execpath: npm = '', npm_node_execpath: node = process.execPath } = process.env;
  return basename(npm) === 'npm-cli.js' ? [node, npm] : ['npm'];
}

/**
 * @param {number} code
 * @param {string} output
 */
function explainFailure(code, output) {
  const offline = output.match(OFFLINE)?.[1];
  if (!offline) return `${output}\n\n"npm ci" failed with exit code ${code}; what it said is above.`;
  return `The packages cannot be installed because the npm registry is out of reach (${offline}): connect this machine to the network and run the command again.`;
}

/** @param {number} startedAt */
const secondsSince = (startedAt) => Math.round((Date.now() - startedAt) / 1000);
