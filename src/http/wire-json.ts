import { PictureBytes, type WireEvent, type WireJson } from '../core/dialect';
import { byteStream } from './byte-stream';

/** Base64 of this many bytes at a time: a multiple of three, so that the pieces join without padding. */
const pieceBytes = 3 * 16 * 1024;
const gatheredLength = 64 * 1024;

/** An answer's JSON as text, or as a stream where it holds pictures: their bytes pass through, and are never all held. */
export function wireJsonBody(json: WireJson): string | ReadableStream<Uint8Array> {
  if (!holdsPicture(json)) return JSON.stringify(json);
  return byteStream(encoded(textOf(json)));
}

/** A server-sent event's text. Line breaks in its data are kept as the format has them. */
export async function* eventText(event: WireEvent): AsyncGenerator<string> {
  if (event.event !== undefined) yield `event: ${event.event}\n`;
  if (event.id !== undefined) yield `id: ${event.id}\n`;
  yield 'data: ';
  if (typeof event.data === 'string') yield event.data.replaceAll('\n', '\ndata: ');
  else yield* textOf(event.data);
  yield '\n\n';
}

/** The JSON text piece by piece. */
export async function* textOf(json: WireJson): AsyncGenerator<string> {
  if (json instanceof PictureBytes) return yield* pictureText(json);
  if (!holdsPicture(json)) return yield JSON.stringify(json);
  if (Array.isArray(json)) return yield* listText(json);
  yield* objectText(json as { readonly [key: string]: WireJson });
}

async function* listText(list: readonly WireJson[]): AsyncGenerator<string> {
  yield '[';
  for (const [index, member] of list.entries()) {
    if (index > 0) yield ',';
    yield* textOf(member);
  }
  yield ']';
}

async function* objectText(object: { readonly [key: string]: WireJson }): AsyncGenerator<string> {
  yield '{';
  for (const [index, [key, member]] of Object.entries(object).entries()) {
    yield `${index > 0 ? ',' : ''}${JSON.stringify(key)}:`;
    yield* textOf(member);
  }
  yield '}';
}

async function* pictureText({ picture, prefix }: PictureBytes): AsyncGenerator<string> {
  if (picture.open === null) throw new Error('The picture was not opened for its bytes.');
  yield `"${prefix}`;
  let rest = new Uint8Array();
  for await (const chunk of await picture.open()) {
    const bytes = joined(rest, chunk);
    const whole = bytes.length - (bytes.length % 3);
    for (let offset = 0; offset < whole; offset += pieceBytes) {
      yield bytes.subarray(offset, Math.min(whole, offset + pieceBytes)).toBase64();
    }
    rest = bytes.slice(whole);
  }
  yield `${rest.toBase64()}"`;
}

function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (rest.length === 0) return chunk;
  const bytes = new Uint8Array(rest.length + chunk.length);
  bytes.set(rest);
  bytes.set(chunk, rest.length);
  return bytes;
}

/** Small pieces go together: each that is sent by itself costs the sender and the reader more than its bytes. */
async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let gathered = '';
  for await (const text of texts) {
    gathered += text;
    if (gathered.length < gatheredLength) continue;
    yield encoder.encode(gathered);
    gathered = '';
  }
  if (gathered !== '') yield encoder.encode(gathered);
}

function holdsPicture(json: WireJson): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return json instanceof PictureBytes || Object.values(json).some(holdsPicture);
}
