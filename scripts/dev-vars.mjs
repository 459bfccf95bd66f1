import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDotenv, parseDotenv } from './dotenv.mjs';
import { root } from './root.mjs';

const path = join(root, '.dev.vars');

/** What the local service cannot do without. */
const generators = {
  DEV_API_KEY: () => `fg_dev_${randomBytes(24).toString('base64url')}`,
  SIGNING_SECRET: () => randomBytes(48).toString('base64url'),
};

/**
 * Adds to `.dev.vars` what it lacks, and changes nothing that is there.
 *
 * @returns {Record<string, string>} all that `.dev.vars` then holds
 */
export function ensureDevVars() {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const present = parseDotenv(text);
  const lacking = Object.entries(generators).filter(([name]) => present[name] === undefined);
  const added = Object.fromEntries(lacking.map(([name, generate]) => [name, generate()]));
  if (lacking.length === 0) return present;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(path, separator + formatDotenv(added), { mode: 0o600 });
  return { ...present, ...added };
}
