import { env, exports } from 'cloudflare:workers';
import { noteSent } from './sent-secrets';

/** Where the tests come in. The development key works on loopback alone. */
export const origin = 'http://127.0.0.1';

export interface Call {
  /** GET where there is no body, POST where there is one. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: BodyInit;
  /** The development key where absent; null sends none. */
  readonly key?: string | null;
}

/** A request by the front door, with the key in both headers that the dialects of the core read. */
export function call(path: string, { method, headers, json, body, key = env.DEV_API_KEY }: Call = {}) {
  const sent = new Headers(headers);
  if (key !== null && !sent.has('authorization')) sent.set('authorization', `Bearer ${key}`);
  if (key !== null && !sent.has('x-key')) sent.set('x-key', key);
  if (json !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
  const content = json === undefined ? body : JSON.stringify(json);
  const isPost = content !== undefined;
  noteSent(sent, content, path);
  return exports.default.fetch(
    new Request(origin + path, { method: method ?? (isPost ? 'POST' : 'GET'), headers: sent, body: content ?? null }),
  );
}

/** A request that somebody else made, such as a vendor's client, by the front door. */
export async function enter(request: Request): Promise<Response> {
  const copy = request.clone();
  const isForm = request.headers.get('content-type')?.startsWith('multipart/') === true;
  noteSent(request.headers, await (isForm ? copy.formData() : copy.text()), request.url);
  return await exports.default.fetch(request);
}

/** The bytes behind one of our own URLs. */
export async function bytesAt(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await call(new URL(url).pathname + new URL(url).search, { key: null });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
