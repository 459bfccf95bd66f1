import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localEnvironment } from './environment.mjs';
import { run } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { root, tool } from './root.mjs';

/** Where wrangler keeps local databases in a state folder. */
const DATABASES = 'v3/d1';

/**
 * Brings the local ledger up to date. wrangler takes seconds to say that there is nothing to do: what is known to be up
 * to date is left alone, and a new state begins with a copy of an empty ledger that was made before.
 *
 * @param {string} state folder
 * @throws {Halt} when it cannot
 */
export async function migrateLedger(state) {
  const databases = join(state, DATABASES);
  const mark = `migrated-${digestOfMigrations()}`;
  if (existsSync(join(databases, mark))) return;
  const empty = join(root, '.wrangler/empty-ledgers', mark);
  const isNew = !existsSync(databases);
  if (isNew && existsSync(empty)) return copyWhole(empty, databases);
  await applyMigrations(state);
  // wrangler may keep them elsewhere one day: then it is asked each time.
  if (!existsSync(databases)) return;
  writeFileSync(join(databases, mark), '');
  if (isNew) copyWhole(databases, empty);
}

/** @param {string} state folder */
async function applyMigrations(state) {
  const command = /** @type {const} */ (['d1', 'migrations', 'apply', 'LEDGER', '--local', '--persist-to', state]);
  const { code, output } = await run([tool('wrangler'), ...command], { env: localEnvironment() });
  if (code !== 0)
    throw new Halt(`${output}\n\nThe local database could not be brought up to date; what wrangler said is above.`);
}

/** Of all that decides what an empty ledger is, and what it is called. */
function digestOfMigrations() {
  const hash = createHash('sha256');
  const migrations = readdirSync(join(root, 'migrations')).toSorted();
  for (const path of ['wrangler.toml', 'package-lock.json', ...migrations.map((name) => join('migrations', name))])
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, 32);
}

/**
 * All of a folder or nothing: whoever is killed meanwhile leaves no half, and of two at once one wins.
 *
 * @param {string} from
 * @param {string} to
 */
function copyWhole(from, to) {
  const beside = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  try {
    cpSync(from, beside, { recursive: true });
    renameSync(beside, to);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
