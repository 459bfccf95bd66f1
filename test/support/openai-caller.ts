import { type Call, call } from './front-door';

export interface Pictures {
  readonly created: number;
  readonly data: readonly { readonly url?: string; readonly b64_json?: string; readonly seed: number }[];
  readonly output_format: string;
  readonly size: string;
}
export interface OpenaiError {
  readonly error: { message: string; type: string; param: string | null; code: string | null };
}

/** Small and quick to draw, with what a test wants to be different. */
export const smallPicture = { size: '64x64', steps: 4 } as const;

/** Orders small pictures in OpenAI's API. */
export function generate(body: object, options: Call = {}): Promise<Response> {
  return call('/v1/images/generations', { json: { ...smallPicture, ...body }, ...options });
}

/** As {@link generate}, for a test that goes on from the pictures. */
export async function generated(body: object): Promise<Pictures> {
  return await picturesIn(await generate(body));
}

/** Edits with a JSON body. */
export function edit(body: object, options: Call = {}): Promise<Response> {
  return call('/v1/images/edits', { json: { ...smallPicture, ...body }, ...options });
}

/** Edits with a multipart form, of files and of texts. */
export async function editForm(fields: readonly (readonly [string, string | Blob])[]): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (const [name, value] of Object.entries(smallPicture)) if (!form.has(name)) form.append(name, String(value));
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return await call('/v1/images/edits', { body: await encoded.arrayBuffer(), headers });
}

export async function picturesIn(response: Response): Promise<Pictures> {
  if (response.status !== 200) throw new Error(`Answered ${response.status}: ${await response.text()}`);
  return await response.json<Pictures>();
}

/** The fingerprint that an answer tells in its headers. */
export function fingerprintOf(response: Response): string {
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}

/** The URL of the first picture. */
export function firstUrl({ data }: Pictures): string {
  return data[0]?.url ?? '';
}

/** The bytes of the first picture, where they are in the answer. */
export function firstBytes({ data }: Pictures): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(data[0]?.b64_json ?? '');
}
