import { type Context, Hono } from 'hono';
import { Fault } from '../core/fault';
import type { FrontEnv } from './front';
import { withinPublicRate } from './public-rate';

/** Uploaded references, by the URL that their upload answered. */
export const uploads = new Hono<FrontEnv>().get('/uploads/:file', async (c) => serveUpload(c, c.req.param('file')));

async function serveUpload(c: Context<FrontEnv>, file: string): Promise<Response> {
  const id = /^([\w-]{16,80})\.[a-z]{3,4}$/.exec(file)?.[1];
  const reading = id === undefined ? Promise.resolve(null) : c.var.front.references.read(id);
  const object = await withinPublicRate(c, reading, async (read) => await read?.body.cancel());
  if (object === null) throw new Fault('not_found', 'There is no such upload.');
  return c.body(object.body, 200, {
    'content-type': object.httpMetadata?.contentType ?? 'application/octet-stream',
    'cache-control': 'private, max-age=3600',
    etag: object.httpEtag,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
}
