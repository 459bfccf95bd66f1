import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { root } from './root.mjs';

const guardPath = fileURLToPath(new URL('guard.mjs', import.meta.url));

/** @type {Set<Guarded>} */
const running = new Set();

/**
 * A command under the guard (guard.mjs): it ends when `stop` is called, or when this process ends in whatever way.
 *
 * @typedef {object} Guarded
 * @property {import('node:child_process').ChildProcess} process its output, when it was not passed on
 * @property {Promise<number>} exited the exit code; never settles once `stop` was called
 * @property {() => Promise<void>} stop ends the command with all that it started, and waits for it
 */

/**
 * @typedef {object} GuardOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} [live] true passes the output on as it comes, else it can be read from `process`
 * @property {string} [leftover] a file to remove when the command has ended
 */

/**
 * @param {readonly [string, ...string[]]} command
 * @param {GuardOptions} options
 * @returns {Guarded}
 */
export function startGuarded(command, { env, live = false, leftover = '' }) {
  const output = live ? 'inherit' : 'pipe';
  const guard = spawn(process.execPath, [guardPath, leftover, ...command], {
    cwd: root,
    env,
    stdio: ['pipe', output, output],
  });
  let stopping = false;
  /** @type {Promise<number>} */
  const exited = new Promise((resolve) => guard.once('exit', (code) => stopping || resolve(code ?? 1)));
  const stop = async () => {
    stopping = true;
    if (guard.exitCode !== null || guard.signalCode !== null) return;
    guard.stdin?.end();
    await once(guard, 'exit');
  };
  const guarded = { process: guard, exited, stop };
  running.add(guarded);
  guard.once('exit', () => running.delete(guarded));
  return guarded;
}

/**
 * Runs a command to its end.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {GuardOptions} options
 * @returns {Promise<{ code: number, output: string }>} the output is empty when it was passed on live
 */
export async function run(command, options) {
  const guarded = startGuarded(command, options);
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [guarded.process.stdout, guarded.process.stderr]) {
    stream?.on('data', (chunk) => chunks.push(chunk));
  }
  const [code] = await Promise.all([guarded.exited, once(guarded.process, 'close')]);
  return { code, output: stripVTControlCharacters(Buffer.concat(chunks).toString()).trim() };
}

/** Ends everything that this process started, and waits for it. */
export async function stopAll() {
  await Promise.all([...running].map((guarded) => guarded.stop()));
}

/**
 * Ends this process on Ctrl-C and the like, once everything that it started has ended.
 *
 * @param {number} exitCode
 */
export function stopOnSignals(exitCode) {
  const stop = async () => {
    await stopAll();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  stopWithNpm(stop);
}

/**
 * npm passes a signal to its shell, which need not pass it on, and a killed npm passes nothing: watch for a new parent.
 *
 * @param {() => Promise<void>} stop
 */
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop(), 500).unref();
}
