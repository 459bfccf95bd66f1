import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './digest.mjs';
import { localEnvironment } from './environment.mjs';
import { run } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { root, tool } from './root.mjs';

const DAY_MILLISECONDS = 24 * 3_600_000;
/** Of all that a built Worker and its options depend on. */
const SOURCES = [
  'src',
  'wrangler.toml',
  'tsconfig.json',
  'package-lock.json',
  'scripts/built-worker.mjs',
  'scripts/worker-options.mjs',
];

/**
 * Builds the Worker as a deployment does, unless it was built of exactly these sources.
 *
 * @returns {Promise<string>} a folder with its modules, its source map, and `worker.json`: see worker-options.mjs
 * @throws {Halt} when it cannot be built
 */
export async function builtWorker() {
  const all = join(root, '.wrangler', 'workers');
  // The options name folders of this machine.
  const name = digestOf(SOURCES, root).slice(0, 32);
  const folder = join(all, name);
  if (existsSync(folder)) return folder;
  const beside = join(all, `${name}.${process.pid}`);
  mkdirSync(beside, { recursive: true });
  try {
    await buildInto(beside);
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    // Another one may have been quicker.
    if (!existsSync(folder)) throw error;
  }
  removeOld(all);
  return folder;
}

/**
 * Those of the last day may be built or run by somebody.
 *
 * @param {string} all
 */
function removeOld(all) {
  for (const name of readdirSync(all)) {
    const { mtimeMs } = statSync(join(all, name), { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (mtimeMs < Date.now() - DAY_MILLISECONDS) rmSync(join(all, name), { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function buildInto(folder) {
  const env = localEnvironment();
  const ran = await Promise.all([
    run([tool('wrangler'), 'deploy', '--dry-run', '--outdir', folder], { env }),
    // By the Node that the packages bring: this one may be too old for wrangler.
    run(['node', join(root, 'scripts/worker-options.mjs'), join(folder, 'worker.json')], { env }),
  ]);
  for (const { code, output } of ran)
    if (code !== 0) throw new Halt(`${output}\n\nThe Worker cannot be built; what wrangler said is above.`);
}
