import { vi } from 'vitest';
import { callFal } from './fal-caller';

/** A webhook as it arrived. */
export interface Arrived {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Catches everything that the service sends out to `host`, answering it as `answer` says. */
export function catchWebhooks(host: string, answer: () => Response = () => new Response()): Arrived[] {
  const arrived: Arrived[] = [];
  const send = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).host !== host) return await send(input, init);
    arrived.push({
      url: request.url,
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    });
    return answer();
  });
  return arrived;
}

/** The first webhook, once there is one. */
export async function firstOf(arrived: readonly Arrived[]): Promise<Arrived> {
  await vi.waitFor(() => {
    if (arrived.length === 0) throw new Error('No webhook has arrived.');
  }, 5_000);
  const [first] = arrived;
  if (first === undefined) throw new Error('No webhook has arrived.');
  return first;
}

/** The keys that verify webhooks, wherever fal's clients look for them. */
export async function keySet(path = '/fal/.well-known/jwks.json'): Promise<readonly JsonWebKey[]> {
  const response = await callFal(path, { key: null });
  const { keys } = await response.json<{ keys: JsonWebKey[] }>();
  return keys;
}

/**
 * Verifies a webhook as fal documents it: the four headers, five minutes of tolerance, and an Ed25519 signature by any of
 * the keys over request id, user id, timestamp and the digest of the body. Source: https://docs.fal.ai/model-endpoints/webhooks
 */
export async function isGenuine({ headers, body }: Arrived, keys: readonly JsonWebKey[]): Promise<boolean> {
  const names = ['request-id', 'user-id', 'timestamp', 'signature'];
  const [requestId, userId, timestamp, signature] = names.map((name) => headers.get(`x-fal-webhook-${name}`));
  if (!requestId || !userId || !timestamp || !signature) return false;
  if (Math.abs(Date.now() / 1000 - Number.parseInt(timestamp, 10)) > 300) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body)).toHex();
  const message = new TextEncoder().encode([requestId, userId, timestamp, digest].join('\n'));
  for (const { x = '' } of keys) {
    const raw = Uint8Array.fromBase64(x, { alphabet: 'base64url' });
    const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
    if (await crypto.subtle.verify('Ed25519', key, Uint8Array.fromHex(signature), message)) return true;
  }
  return false;
}
