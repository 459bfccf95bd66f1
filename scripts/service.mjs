/**
 * The service's own process: the built Worker in workerd, on a state that outlives it. Runs until it is told to end, or
 * who started it is gone. It removes the file of its setting, which holds secrets, once it answers: who waits for that
 * knows that this one answers, and no other.
 *
 *     node service.mjs <file of a ServiceSetting as JSON>
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { LOG_LEVELS } from './log-levels.mjs';
import { sourcePlaces } from './source-places.mjs';

/**
 * @typedef {object} ServiceSetting
 * @property {string} worker folder of a built Worker: see built-worker.mjs
 * @property {string} host
 * @property {number} port
 * @property {string} state folder
 * @property {string} logLevel the least of LOG_LEVELS that is shown
 * @property {Record<string, string>} variables what the Worker finds in its environment
 */

/** @type {Readonly<Record<string, 'ESModule' | 'Data' | 'CompiledWasm'>>} what Miniflare calls the files of a Worker */
const MODULE_TYPES = { '.js': 'ESModule', '.ttf': 'Data', '.wasm': 'CompiledWasm' };
const settingPath = process.argv[2] ?? '';
/** @type {ServiceSetting} */
const setting = JSON.parse(readFileSync(settingPath, 'utf8'));
const inSource = sourcePlaces(setting.worker);

const miniflare = new Miniflare({
  ...convertV4MiniflareOptions({
    host: setting.host,
    port: setting.port,
    // No request of this machine's own to look its place up.
    cf: false,
    log: new Log(LogLevel.ERROR),
    logRequests: false,
    unsafeHandleRuntimeRestart: () =>
      console.error('The runtime died and was started again: what it accepted goes on.'),
    handleStructuredLogs: show,
    workers: [workerOf(setting)],
  }),
  // Where wrangler looks too: `wrangler d1 execute --local --persist-to`.
  resourcePersistencePath: join(setting.state, 'v3'),
});

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
// The guard ends it, unless the guard itself was killed.
const guard = process.ppid;
setInterval(() => process.ppid === guard || stop(), 500).unref();
await miniflare.ready.catch(tellAndEnd);
rmSync(settingPath, { force: true });

/** @param {Error & { code?: string }} error */
function tellAndEnd({ code, stack }) {
  const isTaken = code === 'ERR_ADDRESS_IN_USE';
  console.error(isTaken ? `Port ${setting.port} was taken meanwhile: choose another one with PORT.` : stack);
  process.exit(1);
}

async function stop() {
  await miniflare.dispose();
  process.exit(0);
}

/**
 * @param {ServiceSetting} setting
 * @returns {import('miniflare').V4WorkerOptions}
 */
function workerOf({ worker, variables }) {
  /** @type {import('miniflare').V4WorkerOptions} */
  const configured = JSON.parse(readFileSync(join(worker, 'worker.json'), 'utf8'));
  const modules = readdirSync(worker).flatMap((name) => {
    const type = MODULE_TYPES[extname(name)];
    const path = join(worker, name);
    // Read now: a runtime that dies gets another one of the same, whatever was built meanwhile.
    return type === undefined ? [] : [{ type, path, contents: readFileSync(path) }];
  });
  // The script is the entry.
  modules.sort((a, b) => Number(b.type === 'ESModule') - Number(a.type === 'ESModule'));
  return { ...configured, modules, modulesRoot: worker, bindings: { ...configured.bindings, ...variables } };
}

/** @param {{ level: string, message: string }} line that the Worker or its runtime wrote */
function show({ level, message }) {
  const rank = LOG_LEVELS.indexOf(level);
  if (rank > LOG_LEVELS.indexOf(setting.logLevel)) return;
  const stream = rank <= LOG_LEVELS.indexOf('warn') ? process.stderr : process.stdout;
  stream.write(`${inSource(message)}\n`);
}
