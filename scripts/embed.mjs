import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = join(root, 'public');
const YEAR_SECONDS = 31_536_000;

/**
 * The script that other sites embed, for their pages: its name with a digest in it is for ever the same, and its
 * integrity as `<script integrity>` has it.
 *
 * @returns {{ name: string, integrity: string, script: Buffer }}
 */
export function embedFacts() {
  const script = readFileSync(join(root, 'dist', 'flux-image.js'));
  const digest = createHash('sha384').update(script).digest();
  const name = `embed.${digest.toString('hex').slice(0, 16)}.js`;
  return { name, integrity: `sha384-${digest.toString('base64')}`, script };
}

/** Lays `/embed.js` and its lasting name in `public/`, with the headers that let other sites use and check them. */
export function layEmbed() {
  const { name, script } = embedFacts();
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (/^embed\.\w+\.js$/.test(old) && old !== name) rmSync(join(folder, old));
  layFile('embed.js', script);
  layFile(name, script);
  const everywhere = [
    'Access-Control-Allow-Origin: *',
    'Cross-Origin-Resource-Policy: cross-origin',
    'X-Content-Type-Options: nosniff',
  ];
  const rules = {
    // The same for a day, and asked after by then; an old one does while the new one is fetched.
    '/embed.js': [...everywhere, 'Cache-Control: public, max-age=86400, stale-while-revalidate=604800'],
    [`/${name}`]: [...everywhere, `Cache-Control: public, max-age=${YEAR_SECONDS}, immutable`],
  };
  const text = Object.entries(rules).map(([path, headers]) =>
    [path, ...headers.map((line) => `  ${line}`), ''].join('\n'),
  );
  layFile('_headers', Buffer.from(text.join('\n')));
}

/**
 * A service that runs may be reading them: none is written anew that is the same.
 *
 * @param {string} name
 * @param {Buffer} content
 */
function layFile(name, content) {
  const path = join(folder, name);
  if (!existsSync(path) || !readFileSync(path).equals(content)) writeFileSync(path, content);
}
