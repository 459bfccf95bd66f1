import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Serves a folder as a host of static sites does, under a policy that lets its pages reach the service and nobody else.
 *
 * @param {string} folder
 * @param {object} options
 * @param {number} options.port 0: any that is free
 * @param {string} options.service the origin that its pictures come from
 * @returns {Promise<import('node:http').Server>}
 */
export async function serveFolder(folder, { port, service }) {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${service}`,
    "style-src 'self'",
    `img-src 'self' ${service}`,
    `connect-src ${service}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  const server = createServer(async (request, response) => {
    const file = await fileAt(folder, request.url ?? '/');
    if (file === null) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such page.\n');
      return;
    }
    const etag = `"${createHash('sha256').update(file.content).digest('base64url')}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    const headers = { 'content-security-policy': policy, 'cache-control': 'no-cache', etag };
    response.writeHead(isKnown ? 304 : 200, { ...headers, 'content-type': file.type });
    response.end(isKnown || request.method === 'HEAD' ? undefined : file.content);
  });
  await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve())));
  return server;
}

/**
 * @param {string} folder
 * @param {string} url
 */
async function fileAt(folder, url) {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const path = normalize(decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
  const type = TYPES[extname(path)];
  if (type === undefined || path.includes('..')) return null;
  const content = await readFile(join(folder, path)).catch(() => null);
  return content === null ? null : { content, type };
}
