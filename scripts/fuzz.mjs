/**
 * `npm run fuzz`: random requests to every dialect, from their schemas, by test/fuzz. A failure prints its seed, and the
 * smallest request that fails.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localEnvironment } from './environment.mjs';
import { startGuarded, stopOnSignals } from './guarded.mjs';
import { Halt, runMain } from './halt.mjs';
import { root, tool } from './root.mjs';
import { setUp } from './setup.mjs';

const options = /** @type {const} */ ({
  cases: { type: 'string', default: '10000' },
  dialect: { type: 'string', default: '' },
  seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  help: { type: 'boolean', short: 'h', default: false },
});
const help = `npm run fuzz -- [options]

  --cases <n>       cases for each dialect, 1 or more: 10000
  --dialect <id>    one dialect alone
  --seed <n>        repeats a run
  --help`;
const wrongUse = 2;

await runMain(async () => {
  stopOnSignals(130);
  const { cases, dialect, seed, help: wantsHelp } = readOptions();
  if (wantsHelp) return console.log(help);
  await setUp();
  if (dialect !== '') await checkDialect(dialect);
  console.log(`${cases} cases ${dialect === '' ? 'a dialect' : `of ${dialect}`}, seed ${seed}`);
  const env = { ...localEnvironment(), FUZZ_CASES: cases, FUZZ_SEED: seed, FUZZ_DIALECT: dialect };
  return await startGuarded([tool('vitest'), 'run', '--config', 'vitest.fuzz.config.ts'], { env, live: true }).exited;
});

function readOptions() {
  const values = parsed();
  if (!/^[1-9]\d{0,9}$/.test(values.cases)) {
    throw new Halt(`--cases is a whole number from 1 on, not "${values.cases}".`, wrongUse);
  }
  if (!/^\d{1,10}$/.test(values.seed)) throw new Halt(`--seed is a whole number, not "${values.seed}".`, wrongUse);
  return values;
}

function parsed() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Halt(`${error instanceof Error ? error.message : error}\n\n${help}`, wrongUse);
  }
}

/**
 * The registry knows the dialects, in a language that Node does not read as it stands.
 *
 * @param {string} dialect
 */
async function checkDialect(dialect) {
  const { build } = await import('esbuild');
  const entryPoints = [join(root, 'src/dialects/registry.ts')];
  const shape = /** @type {const} */ ({ bundle: true, format: 'esm', platform: 'neutral', logLevel: 'error' });
  const { outputFiles } = await build({ entryPoints, ...shape, mainFields: ['module', 'main'], write: false });
  const script = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  /** @type {{ dialects: { id: string }[] }} */
  const { dialects } = await import(`data:text/javascript;base64,${script}`);
  const ids = dialects.map(({ id }) => id);
  if (!ids.includes(dialect)) throw new Halt(`There is no dialect "${dialect}": ${ids.join(', ')}.`, wrongUse);
}
