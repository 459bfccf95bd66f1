import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Random } from './random.ts';

/** Takes webhooks, and refuses some of them the first time. */
export interface Receiver {
  readonly origin: string;
  /** Paths at which one was taken. */
  readonly taken: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function startReceiver(random: Random): Promise<Receiver> {
  const taken = new Set<string>();
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const path = request.url ?? '';
      const isTaken = refused.has(path) || random.chance(0.7);
      (isTaken ? taken : refused).add(path);
      response.writeHead(isTaken ? 204 : 500).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { origin: `http://127.0.0.1:${port}`, taken, close };
}
