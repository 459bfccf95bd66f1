import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDotenv } from '../../scripts/dotenv.mjs';
import { localEnvironment } from '../../scripts/environment.mjs';
import { run } from '../../scripts/guarded.mjs';
import { root, tool } from '../../scripts/root.mjs';

const settings = ['SIGNING_SECRET', 'ADMIN_TOKEN', 'DEV_API_KEY', 'BFL_API_KEY'].map((name) => {
  return [name, `fg_planted_${name}_0123456789abcdef`] as const;
});
// Inside of the checkout, as for a deployment: a source map names its sources by the way to them.
mkdirSync(join(root, '.wrangler'), { recursive: true });
const folder = mkdtempSync(join(root, '.wrangler', 'published-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All files under a folder. */
function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());
}

/** Forms of secrets that no file which leaves the machine has any business with. */
const patterns: Readonly<Record<string, RegExp>> = {
  'a key of ours': /\bfg_(?:live|pub|dev|link)_[A-Za-z0-9]{20,}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a key of a cloud': /\bAKIA[0-9A-Z]{16}\b/,
  'a token of a forge': /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
};

/** What is wrong with a file, by what it holds. */
function leaksIn(path: string): readonly string[] {
  const text = readFileSync(path, 'latin1');
  const planted = settings.filter(([, value]) => text.includes(value)).map(([name]) => name);
  const formed = Object.entries(patterns).flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []));
  const own = Object.entries(localSettings()).filter(([, value]) => value.length >= 16 && text.includes(value));
  const places = [root, homedir()].filter((place) => place.length > 4 && text.includes(`${place}/`));
  return [...planted, ...formed, ...own.map(([name]) => name), ...places].map((leak) => `${path}: ${leak}`);
}

/** What the developer of this checkout has in `.dev.vars`, where there is such a file. */
function localSettings(): Readonly<Record<string, string>> {
  try {
    return parseDotenv(readFileSync(join(root, '.dev.vars'), 'utf8'));
  } catch {
    return {};
  }
}

describe('what is deployed', () => {
  beforeAll(async () => {
    const env = { ...localEnvironment(), ...Object.fromEntries(settings) };
    const built = await run([tool('wrangler'), 'deploy', '--dry-run', '--outdir', relative(root, folder)], { env });
    if (built.code !== 0) throw new Error(built.output);
  });

  test('has a script and its source map', () => {
    const names = filesIn(folder).map((path) => path.slice(folder.length + 1));
    expect(names).toEqual(expect.arrayContaining(['index.js', 'index.js.map']));
  });

  test('has no secret and no path of this machine in it, source map included', () => {
    expect(filesIn(folder).flatMap(leaksIn)).toEqual([]);
  });

  test('serves pages and scripts without either, and no source map', () => {
    const files = filesIn(join(root, 'public'));
    expect(files.length).toBeGreaterThan(3);
    expect(files.flatMap(leaksIn)).toEqual([]);
    expect(files.filter((path) => path.endsWith('.map'))).toEqual([]);
  });
});
