import type { BodyKind, CreateOperation, WireBody, WireField } from '../core/dialect';
import { Fault } from '../core/fault';
import { isWithinDepth, maximumJsonDepth } from '../core/json';
import { formContents } from './form-contents';

export const largestBodyBytes = 30 * 1024 * 1024;
/** A body of unknown length is read on for so long, since a sender that is cut off never sees the answer. */
const drainedBytes = 4 * largestBodyBytes;
const largestFormFields = 200;
const mostValues = 100_000;
const [comma, openBracket, openBrace] = [0x2c, 0x5b, 0x7b];

/**
 * Reads a request's body whole, within the limits. `takesUntypedJson`: see {@link CreateOperation}.
 * @throws Fault `payload_too_large`, `unsupported_media_type` or `invalid_request`.
 */
export async function readBody(
  request: Request,
  accepts: readonly BodyKind[],
  takesUntypedJson = false,
): Promise<WireBody> {
  const kind = kindOf(request.headers.get('content-type'), accepts, takesUntypedJson);
  const bytes = await readBytes(request);
  if (kind === 'json') return { kind, value: readJson(bytes) };
  if (kind === 'bytes') return { kind, bytes, contentType: request.headers.get('content-type') ?? '' };
  return { kind, fields: await readForm(request, bytes) };
}

/** What `curl -d` says of a text whose type it was not told. */
const unaskedType = 'application/x-www-form-urlencoded';

/** A body without a type is JSON where JSON is taken, or else a file: curl and scripts leave it out. */
function kindOf(contentType: string | null, accepts: readonly BodyKind[], takesUntypedJson: boolean): BodyKind {
  const untyped = accepts.includes('json') ? 'application/json' : '';
  const given = contentType?.split(';')[0]?.trim().toLowerCase() ?? untyped;
  const type = takesUntypedJson && given === unaskedType ? 'application/json' : given;
  const kind =
    type === 'multipart/form-data' ? 'form' : /^application\/([\w.-]+\+)?json$/.test(type) ? 'json' : 'bytes';
  if (accepts.includes(kind)) return kind;
  const names = accepts.map((accepted) => contentTypeNames[accepted]);
  throw new Fault('unsupported_media_type', `Content-Type: expected ${names.join(' or ')}.`);
}

const contentTypeNames: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  form: 'multipart/form-data',
  bytes: 'a picture',
};

/** All bytes of a body, within the limit. @throws Fault `payload_too_large` */
export async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBodyBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  // HTTP ends a body where its declared length does, so that one needs no counting.
  if (request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > drainedBytes) throw tooLarge();
    if (length <= largestBodyBytes) chunks.push(chunk);
  }
  if (length > largestBodyBytes) throw tooLarge();
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function readJson(bytes: Uint8Array): unknown {
  if (!isWithinValues(bytes)) throw new Fault('invalid_request', `The body has more than ${mostValues} values.`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new Fault('invalid_request', 'The body is not valid JSON in UTF-8.');
  }
  if (isWithinDepth(value)) return value;
  const field = Object.entries(Object(value)).find(([, member]) => !isWithinDepth(member, maximumJsonDepth - 1))?.[0];
  if (field !== undefined && !Array.isArray(value))
    throw Fault.ofField(field.slice(0, 64), `may nest at most ${maximumJsonDepth - 1} levels deep.`);
  throw new Fault('invalid_request', `The body nests deeper than ${maximumJsonDepth} levels.`);
}

/** Whether JSON can have no more than so many values, by a look at its bytes: taking apart millions of them is an attack. */
function isWithinValues(bytes: Uint8Array): boolean {
  let marks = 0;
  for (const byte of bytes) if (byte === comma || byte === openBracket || byte === openBrace) marks += 1;
  return marks <= mostValues;
}

async function readForm(request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<WireField[]> {
  const form = await parseForm(request, bytes);
  const entries = [...form];
  if (entries.length > largestFormFields)
    throw new Fault('invalid_request', `A form may have ${largestFormFields} fields.`);
  checkTexts(entries, request.headers.get('content-type') ?? '', bytes);
  return await Promise.all(entries.map(([name, value]) => toField(name, value)));
}

/** What is not UTF-8 was read as U+FFFD, so a text that has one is looked at as it was sent. */
function checkTexts(entries: readonly [string, string | File][], contentType: string, bytes: Uint8Array): void {
  if (!entries.some(([, value]) => typeof value === 'string' && value.includes('\ufffd'))) return;
  const contents = formContents(contentType, bytes);
  if (contents.length !== entries.length) throw notAForm();
  entries.forEach(([name, value], index) => {
    if (typeof value === 'string' && !isUtf8(contents[index]))
      throw Fault.ofField(name.slice(0, 64), 'expected text in UTF-8.');
  });
}

function isUtf8(bytes: Uint8Array | undefined): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

async function parseForm(request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<FormData> {
  const type = request.headers.get('content-type') ?? '';
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch {
    throw notAForm();
  }
}

async function toField(name: string, value: string | File): Promise<WireField> {
  if (typeof value === 'string') return { name, value };
  const bytes = new Uint8Array(await value.arrayBuffer());
  return { name, value: { bytes, name: value.name, contentType: value.type } };
}

function notAForm(): Fault {
  return new Fault('invalid_request', 'The body is not a valid multipart form.');
}

function tooLarge(): Fault {
  return new Fault('payload_too_large', `The body is larger than ${largestBodyBytes / 1024 / 1024} MB.`);
}
