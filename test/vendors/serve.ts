import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Failure, failures, Shop, type SimulatedReply, type Simulator } from './simulator.ts';

/** A simulator that listens. */
export interface RunningSimulator {
  readonly simulator: Simulator;
  readonly url: string;
  readonly shop: Shop;
  close(): Promise<void>;
}

/**
 * Starts a simulated vendor on loopback. Besides the vendor's API it answers below `/__simulator`: `GET /sales` (count,
 * bill and list), `POST /fail` ({failure, times?}), `POST /set` ({latencyMs?, concurrency?}) and `POST /reset`. Rejects
 * when the port is not free.
 */
export async function startSimulator(simulator: Simulator, port = 0): Promise<RunningSimulator> {
  const shop = new Shop(Date.now, simulator.concurrency);
  const server = createServer((request, response) => {
    respond({ simulator, shop, request, response }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { simulator, url: `http://127.0.0.1:${portOf(server)}`, shop, close: () => closed(server) };
}

interface Exchange {
  readonly simulator: Simulator;
  readonly shop: Shop;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function respond({ simulator, shop, request, response }: Exchange): Promise<void> {
  const body = await bodyOf(request);
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const json = jsonOf(body);
  if (url.pathname.startsWith('/__simulator/')) return send(response, control(shop, url.pathname, json));
  if (request.method === 'HEAD') return send(response, { status: 404 });
  const { origin, pathname: path, searchParams: query } = url;
  const reply = await simulator.handle(
    { method: request.method ?? 'GET', origin, path, query, headers: request.headers, body, json },
    shop,
  );
  if (reply.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.delayMs).unref());
  if (reply.isHangUp) request.socket.destroy();
  else send(response, reply);
}

function control(shop: Shop, path: string, json: unknown): SimulatedReply {
  const wanted: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null ? { ...json } : {};
  if (path.endsWith('/fail')) {
    const failure = failures.find((name): name is Failure => name === wanted.failure);
    if (failure === undefined) return { status: 400, json: { accepted: failures } };
    shop.failWith(failure, typeof wanted.times === 'number' ? wanted.times : undefined);
  } else if (path.endsWith('/set')) {
    if (typeof wanted.latencyMs === 'number') shop.latencyMs = wanted.latencyMs;
    if (typeof wanted.concurrency === 'number') shop.concurrency = wanted.concurrency;
  } else if (path.endsWith('/reset')) shop.reset();
  return {
    status: 200,
    json: { count: shop.sales.size, billMicros: shop.billMicros, sales: [...shop.sales.values()] },
  };
}

function send(response: ServerResponse, { status, headers = {}, json, body }: SimulatedReply): void {
  const content = json === undefined ? (body ?? '') : JSON.stringify(json);
  response.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(content);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
