import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Listener, startListener } from './listener.ts';

/** What becomes of a request: it goes on, is never answered, or finds nobody there. */
export type Passage = 'open' | 'stuck' | 'broken';

/** Stands between a client and a service, and lets through what it is told to. */
export async function startBridge(target: string, passageOf: (path: string) => Passage): Promise<Listener> {
  return await startListener(async (request, response) => {
    const passage = passageOf(request.url ?? '');
    if (passage === 'broken') request.socket.destroy();
    if (passage === 'open') await forward(target, request, response).catch(() => request.socket.destroy());
  });
}

async function forward(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = request.headers;
  const body = Buffer.concat(await request.toArray());
  const { method = 'GET' } = request;
  const answer = await fetch(target + request.url, {
    ...{ method, headers: headers as Record<string, string> },
    ...(body.length === 0 ? {} : { body }),
  });
  // They are of the bytes on the way, which are others here.
  const told = [...answer.headers].filter(
    ([name]) => !/^(?:content-(?:encoding|length)|transfer-encoding)$/.test(name),
  );
  response.writeHead(answer.status, Object.fromEntries(told));
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body), response);
}
