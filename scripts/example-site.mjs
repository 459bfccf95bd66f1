import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './bundles.mjs';
import { embedFacts } from './embed.mjs';
import { fillPictures } from './example-pictures.mjs';
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
  const { createClient } = await import(pathToFileURL(await build('client.js')).href);
  const client = createClient({ baseUrl: service });
  const signer = { keyId: link.id, secret: link.key };
  /** @type {Record<string, string>} */
  const values = { service, embed: `${service}/${name}`, integrity, 'pub-key': pub.key };
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(sources).filter((each) => /\.(html|css|js|svg)$/.test(each))) {
    const text = readFileSync(join(sources, file), 'utf8').replaceAll(
      /\{\{([\w-]+)\}\}/g,
      (_, place) => values[place] ?? '',
    );
    const isPage = file.endsWith('.html');
    writeFileSync(join(folder, file), isPage ? await fillPictures(text, { client, signer }) : text);
  }
  return folder;
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
