import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Listener, startListener } from './listener.ts';

/** A webhook as it arrived. */
export interface Letter {
  readonly method: string;
  /** Path and query, as the sender asked for them. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A real listener that keeps what is sent to each of its paths, and tells it to whoever gets that path. */
export async function startMailbox(): Promise<Listener> {
  const boxes = new Map<string, Letter[]>();
  return await startListener(async (request, response) => {
    const path = request.url ?? '/';
    const [box = ''] = path.split('?');
    const letters = boxes.get(box) ?? [];
    if (request.method === 'GET') return tell(response, letters);
    boxes.set(box, [...letters, await read(request, path)]);
    response.writeHead(204).end();
  });
}

async function read(request: IncomingMessage, path: string): Promise<Letter> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? '', path, headers, body: await text(request) };
}

function tell(response: ServerResponse, letters: readonly Letter[]): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(letters));
}
