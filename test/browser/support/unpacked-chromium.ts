import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { root } from '../../../scripts/root.mjs';

/**
 * The browser of the package, unpacked once and for all: whole or not at all, for several runs may want it at the same
 * time.
 *
 * @returns the path of its program
 */
export async function unpackedChromium(): Promise<string> {
  const folder = join(root, '.wrangler', 'chromium', versionOf('@sparticuz/chromium'));
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  await unpackInto(beside);
  try {
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    // Another one was quicker.
    if (!existsSync(program)) throw error;
  }
  return program;
}

/** The package has one place for it, the folder for temporary files, and takes a half of it that lies there for whole. */
function unpackInto(folder: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    // Where to is decided before it waits for anything.
    return chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
}
