import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

/** A real server of this machine, at a port that the system gives it. */
export async function startListener(answer: RequestListener): Promise<Listener> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}
