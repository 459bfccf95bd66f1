/** `npm start`: the whole service on this machine, with no account and, after the first time, no network. */
import { relative, resolve } from 'node:path';
import { ensureDevVars } from './dev-vars.mjs';
import { inColour, serviceVariables } from './environment.mjs';
import { stopAll, stopOnSignals } from './guarded.mjs';
import { Halt, runMain } from './halt.mjs';
import { migrateLedger } from './ledger.mjs';
import { claimPort, startService } from './local-service.mjs';
import { root } from './root.mjs';
import { setUp } from './setup.mjs';
import { untilSilent } from './silence.mjs';
import { claimState } from './state-lock.mjs';

/** The terminal's codes: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const STYLES = { bold: 1, dim: 2, green: 32, cyan: 36 };

await runMain(async () => {
  stopOnSignals(0);
  const port = readPort(process.env.PORT);
  const state = resolve(process.env.INIT_CWD ?? '.', process.env.FLUXGATE_STATE ?? resolve(root, '.wrangler/state'));
  await claimPort(port);
  claimState(state);
  await setUp();
  const variables = { ...ensureDevVars(), ...serviceVariables(process.env) };
  await migrateLedger(state);
  const { url, exited } = await startService({ port, state, variables });
  // Before it is announced: a runtime that dies at once has been seen alive by then.
  const silent = untilSilent(url);
  console.log(welcome({ url, state, key: variables.DEV_API_KEY }));
  const code = await Promise.race([exited, silent]);
  if (code === undefined) {
    await stopAll();
    throw new Halt('The service does not answer any more and was ended. Start it again: what it accepted goes on.');
  }
  throw new Halt(`The service ended with exit code ${code}; what it said is above.`);
});

/** @param {string} [value] */
function readPort(value = '8787') {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535)
    throw new Halt(`PORT must be a whole number from 1 to 65535, not "${value}".`);
  return port;
}

/**
 * @param {object} service
 * @param {string} service.url
 * @param {string} service.state
 * @param {string | undefined} service.key
 */
function welcome({ url, state, key }) {
  const body = { model: 'black-forest-labs/flux-2-flex', prompt: 'A poster that says "HELLO"', size: '1024x1024' };
  return `
${paint('bold', 'Fluxgate')} answers at ${paint('cyan', url)}

  Make a picture in your browser: ${paint('cyan', `${url}/workbench`)}

  Key     ${paint('cyan', key || 'none: DEV_API_KEY is empty')}
  State   ${relative(root, state).startsWith('..') ? state : relative(root, state)}

Or from here:

${paint('green', `curl -s ${url}/v1/images/generations -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`)}

${paint('dim', 'Stop it with Ctrl-C.')}
`;
}

/**
 * @param {keyof typeof STYLES} style
 * @param {string} text
 */
function paint(style, text) {
  return inColour ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
}
