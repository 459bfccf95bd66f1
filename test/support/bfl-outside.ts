import { vi } from 'vitest';
import { bfl } from '../vendors/bfl';
import { Shop } from '../vendors/simulator';
import { outsideWorld, type Sent } from './outside-world';

const api = 'https://api.bfl.ai';
const delivery = 'https://delivery.eu1.bfl.ai';

export interface BflOutside {
  /** Everything that was sent out, in order. */
  readonly sent: readonly Sent[];
  readonly shop: Shop;
  /** All that the service logged. */
  logged(): string;
}

/** The world outside has BFL in it, with its pictures at a host of their own, and nobody else. */
export function bflOutside(): BflOutside {
  const shop = new Shop();
  shop.latencyMs = 0;
  const logs = (['log', 'warn', 'error', 'info', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  const sent = outsideWorld((outgoing) => answer(outgoing, shop));
  return { sent, shop, logged: () => JSON.stringify(logs.map(({ mock }) => mock.calls)) };
}

async function answer({ url, method, headers, body }: Sent, shop: Shop): Promise<Response> {
  const { origin, pathname: path, searchParams: query } = new URL(url);
  if (origin !== api && origin !== delivery) throw new TypeError('Network connection lost.');
  if (method === 'HEAD') return new Response(null, { status: 404 });
  const reply = await bfl.handle(
    {
      ...{ method, path, query, origin: api },
      headers: Object.fromEntries(headers),
      body: Uint8Array.from(new TextEncoder().encode(body)),
      json: body === '' ? undefined : JSON.parse(body),
    },
    shop,
  );
  const content = reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json);
  const told = typeof content === 'string' ? content.replaceAll(`${api}/delivery`, `${delivery}/delivery`) : content;
  return new Response(told, { status: reply.status, headers: reply.headers ?? {} });
}
