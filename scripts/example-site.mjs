import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './bundles.mjs';
import { embedFacts } from './embed.mjs';
import { Halt } from './halt.mjs';
import { root } from './root.mjs';

const sources = join(root, 'examples/static-site');
const ACCOUNT = 'example-site';
const WEEK_MILLISECONDS = 7 * 86_400_000;

/**
 * Makes the site from its sources: its pictures as signed links, and the keys that it needs from the service.
 *
 * @param {object} options
 * @param {string} options.service the service's origin
 * @param {string} options.key one with the scope admin
 * @param {string} options.site the origin that the site will be served at
 * @param {string} [options.folder] where it is written
 * @returns {Promise<string>} the folder
 */
export async function buildExample({ service, key, site, folder = join(sources, 'dist') }) {
  const { link, pub } = await makeKeys({ service, key, site });
  const { name, integrity } = embedFacts();
  /** @type {Record<string, string>} */
  const values = { service, embed: `${service}/${name}`, integrity, 'pub-key': pub.key };
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(sources).filter((each) => /\.(html|css|js|svg)$/.test(each))) {
    const text = readFileSync(join(sources, file), 'utf8').replaceAll(
      /\{\{([\w-]+)\}\}/g,
      (_, place) => values[place] ?? '',
    );
    writeFileSync(join(folder, file), text);
  }
  await prerender(folder, { service, key, link });
  return folder;
}

/**
 * Puts the pictures into the pages, as `fluxgate prerender` does it for any site. Those that a vendor would sell are
 * asked about first.
 *
 * @param {string} folder
 * @param {{ service: string, key: string, link: { id: string, key: string } }} access
 */
async function prerender(folder, { service, key, link }) {
  const { run } = await import(pathToFileURL(await build('cli.js')).href);
  const { sandbox } = /** @type {{ sandbox: boolean }} */ (await (await fetch(`${service}/health`)).json());
  const code = await run({
    words: [
      'prerender',
      folder,
      '--links',
      '--link-key',
      link.id,
      '--link-secret',
      link.key,
      ...(sandbox ? ['--yes', '--quiet'] : []),
    ],
    variables: { FLUXGATE_URL: service, FLUXGATE_KEY: key },
    developmentKey: null,
    out: process.stdout,
    err: process.stderr,
  });
  if (code !== 0) throw new Halt('The pictures of the example could not be made; why is above.');
}

/**
 * A key that signs links, and one for the page that orders by itself, which works on that site alone.
 *
 * @param {{ service: string, key: string, site: string }} options
 * @returns {Promise<{ link: { id: string, key: string }, pub: { key: string } }>}
 */
async function makeKeys({ service, key, site }) {
  const { createAdmin } = await import(pathToFileURL(await build('admin.js')).href);
  const admin = createAdmin({ baseUrl: service, key });
  await admin.accounts.show(ACCOUNT).catch(() => admin.accounts.create({ id: ACCOUNT, name: 'The example site' }));
  const expiresAt = new Date(Date.now() + WEEK_MILLISECONDS).toISOString();
  const origins = [site, site.replace('127.0.0.1', 'localhost')];
  return {
    link: await admin.keys.create(ACCOUNT, { kind: 'link', name: 'links', expiresAt }),
    pub: await admin.keys.create(ACCOUNT, { kind: 'pub', name: 'press page', origins, expiresAt }),
  };
}
