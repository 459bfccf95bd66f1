import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { builtWorker } from './built-worker.mjs';
import { inColour, localEnvironment } from './environment.mjs';
import { startGuarded } from './guarded.mjs';
import { Halt } from './halt.mjs';
import { LOG_LEVELS } from './log-levels.mjs';
import { root } from './root.mjs';

const HOST = '127.0.0.1';
const HEALTHY_WITHIN_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 200;
const RELEASED_WITHIN_MILLISECONDS = 1_000;

/**
 * @param {number} port
 * @throws {Halt} when somebody else has it
 */
export async function claimPort(port) {
  // A service that was killed holds its port until the last of its threads is gone.
  const deadline = Date.now() + RELEASED_WITHIN_MILLISECONDS;
  let error = await listenOnce(port);
  while (error?.code === 'EADDRINUSE' && Date.now() < deadline) {
    await sleep(POLL_MILLISECONDS);
    error = await listenOnce(port);
  }
  if (!error) return;
  const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${error.code})`;
  throw new Halt(
    `Port ${port} ${reason}: choose another one with PORT, for example "PORT=${port === 65_535 ? 8788 : port + 1} npm start".`,
  );
}

/**
 * @param {number} port
 * @returns {Promise<NodeJS.ErrnoException | undefined>} why nobody can listen there
 */
function listenOnce(port) {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', resolve).listen(port, HOST, () => probe.close(() => resolve(undefined)));
  });
}

/**
 * Starts the Worker and waits until it answers.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.state folder
 * @param {Record<string, string>} options.variables what the Worker finds in its environment
 * @returns {Promise<{ url: string, exited: Promise<number> }>}
 */
export async function startService({ port, state, variables }) {
  const url = `http://${HOST}:${port}`;
  const logLevel = process.env.FLUXGATE_LOG_LEVEL || 'error';
  if (!LOG_LEVELS.includes(logLevel))
    throw new Halt(`FLUXGATE_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${logLevel}".`);
  const path = writeSetting({ worker: await builtWorker(), host: HOST, port, state, logLevel, variables });
  // By the Node that the packages bring: this one may be too old for Miniflare.
  const service = startGuarded(['node', join(root, 'scripts/service.mjs'), path], {
    env: localEnvironment(),
    leftover: path,
  });
  showErrors(service.process);
  await untilHealthy(url, { path, exited: service.exited });
  await checkOwnership(url, variables.DEV_API_KEY);
  return { url, exited: service.exited };
}

/**
 * A file, because the arguments of a process can be read by every user of the machine.
 *
 * @param {import('./service.mjs').ServiceSetting} setting
 */
function writeSetting(setting) {
  mkdirSync(setting.state, { recursive: true });
  const path = join(setting.state, `service-${process.pid}.json`);
  writeFileSync(path, JSON.stringify(setting), { mode: 0o600 });
  return path;
}

/** @param {import('node:child_process').ChildProcess} service */
function showErrors({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) {
    stream
      ?.setEncoding('utf8')
      .on('data', (text) => process.stderr.write(inColour ? text : stripVTControlCharacters(text)));
  }
}

/**
 * Another service may have taken the port meanwhile, and be the one that answers: it does not know our key.
 *
 * @param {string} url
 * @param {string | undefined} key
 */
async function checkOwnership(url, key) {
  if (!key) return;
  const headers = { authorization: `Bearer ${key}` };
  const { status } = await fetch(`${url}/v1/usage`, { headers, signal: AbortSignal.timeout(10_000) });
  if (status !== 401) return;
  throw new Halt(`Another service took ${url} meanwhile and does not know the key: choose another port with PORT.`);
}

/**
 * Another service may answer at the URL: ours does once it has removed the file of its setting.
 *
 * @param {string} url
 * @param {{ path: string, exited: Promise<number> }} service
 */
async function untilHealthy(url, { path, exited }) {
  const deadline = Date.now() + HEALTHY_WITHIN_MILLISECONDS;
  while (existsSync(path) || !(await isHealthy(url))) {
    const code = await Promise.race([exited, sleep(POLL_MILLISECONDS)]);
    if (code !== undefined)
      throw new Halt(`The service ended with exit code ${code} before it answered; what it said is above.`);
    if (Date.now() > deadline) throw new Halt(`${url}/health has not answered within 60 seconds.`);
  }
}

/**
 * @param {string} url
 * @throws {Halt} when the service says that a setting is wrong
 */
async function isHealthy(url) {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (response?.status === 503) {
    const told = /** @type {{ status?: string, message?: string }} */ (await response.json().catch(() => ({})));
    if (told.status === 'misconfigured') throw new Halt(told.message ?? 'The service is not configured.');
  }
  return response?.ok === true;
}
