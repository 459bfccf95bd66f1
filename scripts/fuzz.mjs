/**
 * `npm run fuzz`: random requests to every dialect, from their schemas, by test/fuzz. `--cases N` a dialect, `--dialect
 * ID` for one of them, `--seed N` to repeat a run: a failure prints its seed, and the smallest request that fails.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { localEnvironment } from './environment.mjs';
import { startGuarded, stopOnSignals } from './guarded.mjs';
import { Halt, runMain } from './halt.mjs';
import { tool } from './root.mjs';
import { setUp } from './setup.mjs';

const options = /** @type {const} */ ({
  cases: { type: 'string', default: '10000' },
  dialect: { type: 'string', default: '' },
  seed: { type: 'string', default: String(randomInt(2 ** 31)) },
});

await runMain(async () => {
  stopOnSignals(130);
  const { cases, dialect, seed } = readOptions();
  await setUp();
  console.log(`${cases} cases ${dialect === '' ? 'a dialect' : `of ${dialect}`}, seed ${seed}`);
  const env = { ...localEnvironment(), FUZZ_CASES: cases, FUZZ_SEED: seed, FUZZ_DIALECT: dialect };
  return await startGuarded([tool('vitest'), 'run', '--config', 'vitest.fuzz.config.ts'], { env, live: true }).exited;
});

function readOptions() {
  const values = parsed();
  for (const name of /** @type {const} */ (['cases', 'seed'])) {
    if (!/^\d{1,10}$/.test(values[name])) throw new Halt(`--${name} is a whole number, not "${values[name]}".`);
  }
  return values;
}

function parsed() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Halt(`${error instanceof Error ? error.message : error}\nIt takes --cases N, --dialect ID and --seed N.`);
  }
}
