/** `npm test`: every check, the same on a desk and in CI. All run, even when an early one fails. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtWorker } from './built-worker.mjs';
import { ensureDevVars } from './dev-vars.mjs';
import { localEnvironment } from './environment.mjs';
import { compareGeneratedTypes } from './generated-types.mjs';
import { run, stopOnSignals } from './guarded.mjs';
import { runMain } from './halt.mjs';
import { migrateLedger } from './ledger.mjs';
import { root, tool } from './root.mjs';
import { scratchFolder } from './scratch.mjs';
import { setUp } from './setup.mjs';
import { runTests } from './tests.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Score
 * @typedef {{ score: Score, output: string }} Outcome the output is shown when something failed
 */

const scratch = scratchFolder();
const temporary = join(scratch, 'tmp');
mkdirSync(temporary);

const projects = [
  'tsconfig.json',
  'src/client/tsconfig.json',
  'src/cli/tsconfig.json',
  'src/web/browser/tsconfig.json',
  'scripts/tsconfig.json',
  'test/tsconfig.json',
  'test/vendors/tsconfig.json',
  'test/process/tsconfig.json',
  'test/browser/tsconfig.json',
  'test/chaos/tsconfig.json',
  'bench/tsconfig.json',
  'bench/workers/tsconfig.json',
].filter((path) => existsSync(join(root, path)));
const testConfigs = readdirSync(root).filter((name) => /^vitest\.(\w+\.)?config\.ts$/.test(name));

/** @typedef {{ name: string, check: () => Promise<Outcome> }} Step */

/** @type {readonly Step[]} */
const quickSteps = [
  { name: 'generated types', check: () => single(compareGeneratedTypes()) },
  ...projects.map((path) => ({
    name: `types (${path})`,
    check: () => passes('tsc', '--project', path, '--singleThreaded'),
  })),
  { name: 'lint and format', check: () => passes('biome', 'ci') },
  // What the tests start is this one.
  { name: 'bundle', check: () => builtWorker().then(() => ({ score: { passed: 1, failed: 0 }, output: '' })) },
];

/** The longest first, so that none of them goes on alone at the end; early too what waits most of its time. The rest comes last. */
const longest = ['config', 'sites', 'workbench', 'browser', 'chaos', 'process', 'purchases', 'fuzz', 'clients'];
/** More than there are cores on a small machine: tests that start processes or drive a browser wait most of their time. */
const sideBySide = 4;

const testSteps = testConfigs
  .map((path) => ({ path, rank: longest.indexOf(path.split('.')[1] ?? '') }))
  .toSorted((a, b) => (a.rank < 0 ? longest.length : a.rank) - (b.rank < 0 ? longest.length : b.rank))
  .map(({ path }) => ({
    name: `tests (${path})`,
    check: () => runTests(path, { report: join(scratch, `${path}.json`), temporary }),
  }));

await runMain(async () => {
  stopOnSignals(130);
  await setUp();
  ensureDevVars();
  // Each service that the tests start copies it.
  await migrateLedger(join(scratch, 'state'));
  const scores = [...(await takeInLanes(quickSteps, 2)), ...(await takeInLanes(testSteps, sideBySide))];
  const [passed, failed] = [sum(scores.map((score) => score.passed)), sum(scores.map((score) => score.failed))];
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

/**
 * Some side by side, in their order, until none is left.
 *
 * @param {readonly Step[]} steps
 * @param {number} lanes how many at a time
 * @returns {Promise<Score[]>}
 */
async function takeInLanes(steps, lanes) {
  const left = [...steps];
  /** @type {Score[]} */
  const scores = [];
  const lane = async () => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) scores.push(await take(step));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return scores;
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** @param {Step} step */
async function take({ name, check }) {
  const startedAt = Date.now();
  console.log(`\n> ${name}`);
  const { score, output } = await check().catch(broken);
  if (score.failed > 0) console.log(output);
  console.log(`${score.failed > 0 ? 'FAILED' : 'ok'}: ${name}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return score;
}

/**
 * @param {Error} error of a check that could not do its work
 * @returns {Outcome}
 */
function broken(error) {
  return { score: { passed: 0, failed: 1 }, output: `${error.stack}` };
}

/**
 * @param {string} name
 * @param {string[]} options
 */
function passes(name, ...options) {
  return single(run([tool(name), ...options], { env: localEnvironment() }));
}

/**
 * @param {Promise<{ code: number, output: string }>} ran
 * @returns {Promise<Outcome>} a step that counts as one check
 */
async function single(ran) {
  const { code, output } = await ran;
  return { score: code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }, output };
}
