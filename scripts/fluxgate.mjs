#!/usr/bin/env node
/** The `fluxgate` command: builds it where its sources are and changed, and runs it. */
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDotenv } from './dotenv.mjs';
import { root } from './root.mjs';

// Who reads no further, such as `head`, has what they want.
process.stdout.on('error', (error) => endQuietly(error, () => process.exit()));
process.stderr.on('error', (error) => endQuietly(error, () => undefined));

// Where Node can keep what it compiled, the command starts sooner the next time.
module.enableCompileCache?.();
const { run } = await import(pathToFileURL(await builtCommand()).href);
process.exitCode = await run({
  words: process.argv.slice(2),
  variables: process.env,
  developmentKey: developmentKey(),
  out: process.stdout,
  err: process.stderr,
});

/**
 * @param {Error & { code?: string }} error
 * @param {() => void} end
 */
function endQuietly(error, end) {
  if (error.code !== 'EPIPE') throw error;
  end();
}

/** As `npm pack` packs it, the command is built, and neither its sources nor what builds them is there. */
async function builtCommand() {
  if (!existsSync(join(root, 'src'))) return join(root, 'dist/cli.js');
  if (!existsSync(join(root, 'node_modules/esbuild'))) await (await import('./setup.mjs')).setUp();
  return await (await import('./bundles.mjs')).build('cli.js');
}

/** The key that `npm start` gave to the service on this machine. */
function developmentKey() {
  const path = join(root, '.dev.vars');
  return process.env.DEV_API_KEY || (existsSync(path) && parseDotenv(readFileSync(path, 'utf8')).DEV_API_KEY) || null;
}
