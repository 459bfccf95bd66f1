#!/usr/bin/env node
/** The `fluxgate` command: builds it where its sources changed, and runs it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './bundles.mjs';
import { parseDotenv } from './dotenv.mjs';
import { root } from './root.mjs';
import { setUp } from './setup.mjs';

if (!existsSync(join(root, 'node_modules/esbuild'))) await setUp();

const { run } = await import(pathToFileURL(await build('cli.js')).href);
process.exitCode = await run({
  words: process.argv.slice(2),
  variables: process.env,
  developmentKey: developmentKey(),
  out: process.stdout,
  err: process.stderr,
});

/** The key that `npm start` gave to the service on this machine. */
function developmentKey() {
  const path = join(root, '.dev.vars');
  return process.env.DEV_API_KEY || (existsSync(path) && parseDotenv(readFileSync(path, 'utf8')).DEV_API_KEY) || null;
}
