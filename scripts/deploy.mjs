/** `npm run deploy`: brings the remote ledger up to date and publishes the Worker. Arguments go to `wrangler deploy`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './environment.mjs';
import { Halt, runMain } from './halt.mjs';
import { root, tool } from './root.mjs';
import { setUp } from './setup.mjs';

const WHAT_TO_CREATE_FIRST = `wrangler.toml does not name a real database yet (its database_id is a placeholder), so create the resources once, paste the id that "d1 create" prints into wrangler.toml, and run "npm run deploy" again:

  npx wrangler login
  npx wrangler r2 bucket create fluxgate-pictures
  npx wrangler d1 create fluxgate-ledger
  openssl rand -base64 48 | npx wrangler secret put SIGNING_SECRET
`;

await runMain(async () => {
  await setUp();
  const options = process.argv.slice(2);
  if (options.includes('--dry-run'))
    console.log('A dry run: the remote database is left alone, and nothing is published.');
  else prepareLedger();
  wrangler('deploy', ...options);
});

function prepareLedger() {
  if (!hasDatabase()) throw new Halt(WHAT_TO_CREATE_FIRST);
  wrangler('d1', 'migrations', 'apply', 'LEDGER', '--remote');
}

function hasDatabase() {
  const id = readFileSync(join(root, 'wrangler.toml'), 'utf8').match(/^\s*database_id\s*=\s*["']([^"']*)["']/m)?.[1];
  return id !== undefined && /[1-9a-f]/i.test(id);
}

/**
 * On this terminal itself, because wrangler may have to ask.
 *
 * @param {string[]} command
 */
function wrangler(...command) {
  const { status } = spawnSync(tool('wrangler'), command, { cwd: root, env: toolEnvironment(), stdio: 'inherit' });
  if (status !== 0) throw new Halt(`"wrangler ${command.join(' ')}" failed; what it said is above.`);
}
