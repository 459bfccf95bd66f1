import { type Context, Hono } from 'hono';
import { Fault } from '../core/fault';
import { repeatedName } from '../core/picture-query';
import type { FrontEnv } from './front';
import { servePictureAt } from './pictures';
import { refuseOtherMethods } from './refuse';

/** Pictures by URLs that expire: `/temporary/{fingerprint}.{extension}?…&expires=…&signature=…`. */
export const temporaryPictures = new Hono<FrontEnv>()
  .get('/temporary/:file', async (c) => await serveTemporary(c))
  .all('/temporary/:file', refuseOtherMethods('GET', 'HEAD'));

/** What is signed is all of a URL but its signature, so that alone could stand there twice unnoticed. */
async function serveTemporary(c: Context<FrontEnv>): Promise<Response> {
  const twice = repeatedName(new URL(c.req.url).searchParams);
  if (twice !== null) throw Fault.ofField(twice.slice(0, 40), 'expected once.');
  const url = await c.var.front.ports.openTemporaryUrl(c.req.url);
  if (url === null) throw new Fault('forbidden', 'This URL has expired, or is not one that we handed out.');
  const response = await servePictureAt(c, url);
  // Not the lasting URL's own: a cache in front of us would go on answering after the end.
  response.headers.set('cache-control', `private, max-age=${secondsLeft(c)}`);
  response.headers.delete('cache-tag');
  return response;
}

function secondsLeft(c: Context<FrontEnv>): number {
  return Math.max(0, Number(c.req.query('expires')) - Math.floor(Date.now() / 1000));
}
