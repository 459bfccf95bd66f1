import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Halt } from './halt.mjs';
import { root } from './root.mjs';

const OLDEST_NODE_FOR_WRANGLER = 22;

/** What an operator may set in the process environment; it overrides `.dev.vars`. */
const SERVICE_VARIABLE =
  /^(?:PROVIDERS|ROUTE|ON_UNKNOWN|LOG_REQUESTS|HIT_PRICE_MICROS|TOP_UP_FEE_PERCENT|REFUND_FAILED|PRIVATE_URL_SECONDS|ANONYMOUS_(?:ACCOUNT|DAY_MICROS|REQUESTS_PER_MINUTE)|WAIT_SECONDS|SANDBOX_LATENCY_MS|RENDER_DEADLINE_SECONDS|(?:PICTURE_)?RETENTION_DAYS|TRUSTED_ORIGINS|FEATURED_PICTURES|PUBLIC_FIGURES|DEV_API_KEY|SIGNING_SECRET(?:_PREVIOUS)?|ADMIN_TOKEN|(?:BFL|CLOUDFLARE|COMETAPI|HINOW|OXEN|AIGATEWAY|ONEMIN|REPLICATE|FAL)_(?:API_KEY|BASE_URL|API_TOKEN|ACCOUNT_ID))$/;

/** Whether a terminal reads this, and its user has not declined colours: https://no-color.org */
export const inColour = Boolean(process.stdout.isTTY && !process.env.NO_COLOR);

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>} the service's settings among the variables
 */
export function serviceVariables(env) {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      SERVICE_VARIABLE.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/**
 * For a tool that works on this machine alone. It sees no key and nothing that would send it online.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function localEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !SERVICE_VARIABLE.test(name) && !/^(CLOUDFLARE|CF)_/.test(name),
  );
  return {
    ...toolEnvironment(Object.fromEntries(kept)),
    CI: 'true',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    X_LOCAL_OBSERVABILITY: 'false',
    X_LOCAL_EXPLORER: 'false',
  };
}

/**
 * For any tool: a Node that is new enough and keeps what it compiled, and no telemetry, banner, update check or log file.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env = process.env) {
  const { FORCE_COLOR: _, ...rest } = env; // Set to 0 it still turns colours on in Biome and vitest.
  const path = [nodeFolder(), join(root, 'node_modules', '.bin'), env.PATH].join(delimiter);
  return {
    ...(inColour ? env : { ...rest, NO_COLOR: '1' }),
    PATH: path,
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(root, '.wrangler', 'compile-cache'),
    DO_NOT_TRACK: '1',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_WRITE_LOGS: 'false',
  };
}

function nodeFolder() {
  const installed = join(root, 'node_modules', 'node', 'bin');
  if (existsSync(join(installed, 'node'))) return installed;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE_FOR_WRANGLER) return dirname(process.execPath);
  throw new Halt(
    `wrangler needs Node ${OLDEST_NODE_FOR_WRANGLER} or newer, this is ${process.version}, and the npm package "node" has not brought its own ` +
      '(does your npm configuration set ignore-scripts?): allow install scripts and run "npm ci", or use a newer Node.',
  );
}
