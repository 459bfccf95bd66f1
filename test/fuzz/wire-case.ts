import { env, exports } from 'cloudflare:workers';
import type { Dialect } from '../../src/core/dialect';
import { origin } from '../support/front-door';
import { noteSent } from '../support/sent-secrets';

/** A request as bytes. A body of `text` is shown as it is where it is repeated by hand. */
export interface WireCase {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** Sends it by the front door. */
export async function send({ method, path, headers, body }: WireCase): Promise<Response> {
  const sent = headers.map(([name, value]): [string, string] => [name, value]);
  const takesBody = method !== 'GET' && method !== 'HEAD';
  noteDrawn({ method, path, headers, body });
  return await exports.default.fetch(
    new Request(origin + path, {
      method,
      headers: new Headers(sent),
      body: takesBody ? body : null,
      redirect: 'manual',
    }),
  );
}

/** Whatever else is done with it, no log may hold its prompt. */
export function noteDrawn({ path, headers, body }: WireCase): void {
  noteSent(headers, body instanceof Uint8Array ? new TextDecoder().decode(body) : body, path);
}

/** The same as a line for a shell; what no argument can hold goes in by printf. */
export function curlLine({ method, path, headers, body }: WireCase): string {
  const words = [`curl -g --path-as-is -X ${method}`, quoted(`http://127.0.0.1:8787${path}`)];
  for (const [name, value] of headers) words.push('-H', quoted(`${name}: ${value}`));
  if (body === null || body.length === 0) return words.join(' ');
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false }).decode(bytes);
  if (isTypable(text)) return [...words, '--data-binary', quoted(text)].join(' ');
  const octal = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `printf ${quoted(octal)} | ${[...words, '--data-binary', '@-'].join(' ')}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** No control characters but line breaks, and nothing that a decoder left out or put in. */
const isTypable = (text: string) => !/[^\P{Cc}\n]|\uFEFF|\uFFFD/u.test(text);

/** The header that a dialect reads a key from. */
export function keyHeader(dialect: Dialect, key: string = env.DEV_API_KEY): readonly [string, string] {
  const tries = [
    ['authorization', `Bearer ${key}`],
    ['x-key', key],
    ['authorization', `Key ${key}`],
    ['api-key', key],
  ] as const;
  const found = tries.find((header) => dialect.credential(new Headers([[...header]])) === key);
  if (found === undefined) throw new Error(`No header carries a key to ${dialect.id}.`);
  return found;
}

/** A path of Hono's syntax with its parts filled in; `part` is percent-encoded. */
export function filled(path: string, part: string): string {
  return path
    .replace(':owner', 'black-forest-labs')
    .replace(':name', 'flux-2-flex')
    .replaceAll(/:\w+(\{[^}]*\})?/g, () => encodeURIComponent(part.toWellFormed()));
}
