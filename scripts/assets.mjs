import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Files that the service hands out itself as they are, so that its pages ask no foreign host. */
const ASSETS = {
  'assets/mark.svg': 'src/web/styles/mark.svg',
  'assets/display.ttf': 'src/providers/sandbox/fonts/noto-serif-display-black.ttf',
  'assets/display.OFL.txt': 'src/providers/sandbox/fonts/noto-serif-display.OFL.txt',
};

/** Scalar's one script for browsers, as its integration for Fastify carries it: its own package brings 231 others. */
const SCALAR = { asset: 'assets/scalar.js', package: '@scalar/fastify-api-reference' };

/** Lays the static assets of the deployment in `public/`, which git ignores. */
export async function layAssets() {
  for (const [asset, source] of Object.entries(ASSETS)) {
    const target = targetOf(asset);
    // A service that runs may be reading them: none is written anew that is the same.
    const isLaid = existsSync(target) && readFileSync(target).equals(readFileSync(join(root, source)));
    if (!isLaid) copyFileSync(join(root, source), target);
  }
  await layScalar();
}

/** To load the package takes a third of a second: the script says at its end which version it is. */
async function layScalar() {
  const target = targetOf(SCALAR.asset);
  const manifest = join(root, 'node_modules', SCALAR.package, 'package.json');
  const mark = `\n// ${SCALAR.package} ${JSON.parse(readFileSync(manifest, 'utf8')).version}\n`;
  if (existsSync(target) && readFileSync(target).subarray(-mark.length).equals(Buffer.from(mark))) return;
  const beside = `${target}.${process.pid}`;
  writeFileSync(beside, `${await scalarScript()}${mark}`);
  renameSync(beside, target);
}

/**
 * What a Fastify that registers the plugin would answer for the script.
 *
 * @returns {Promise<string>}
 * @see https://github.com/scalar/scalar/tree/main/integrations/fastify
 */
async function scalarScript() {
  const { default: plugin } = await import(SCALAR.package);
  /** @type {Map<string, (request: object, reply: object) => void>} */
  const handlers = new Map();
  const fastify = {
    /** @param {{ url: string, handler: (request: object, reply: object) => void }} route */
    route: ({ url, handler }) => handlers.set(url, handler),
  };
  plugin(fastify, { configuration: { url: '/openapi.json' } }, () => undefined);
  let script = '';
  const reply = {
    header: () => reply,
    /** @param {string} text */
    send: (text) => {
      script = text;
    },
  };
  handlers.get('/reference/js/scalar.js')?.({}, reply);
  if (!script.includes('createApiReference'))
    throw new Error(`${SCALAR.package} brings no script for browsers any more.`);
  return script;
}

/** @param {string} asset */
function targetOf(asset) {
  const target = join(root, 'public', asset);
  mkdirSync(dirname(target), { recursive: true });
  return target;
}
