import { type Call, call } from './front-door';

export interface Images {
  readonly data: { readonly urls: readonly string[]; readonly model: string; readonly provider: string | null };
  readonly success: boolean;
}
export interface HinowError {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
}

/** Small and quick to draw. */
const small = { width: 64, height: 64 } as const;

/** Orders small pictures in hinow's API, with what a test wants to be different in `parameters`. */
export function order(prompt: unknown, parameters: object = {}, options: Call = {}): Promise<Response> {
  return call('/v1/images', { json: { prompt, parameters: { ...small, ...parameters } }, ...options });
}

/** As {@link order}, for a test that goes on from the pictures. */
export async function ordered(prompt: unknown, parameters: object = {}): Promise<Images['data']> {
  return await imagesIn(await order(prompt, parameters));
}

export async function imagesIn(response: Response): Promise<Images['data']> {
  if (response.status !== 200) throw new Error(`Answered ${response.status}: ${await response.text()}`);
  const { data } = await response.json<Images>();
  return data;
}

/** The fingerprint of the picture that an order becomes. */
export async function printOf(prompt: unknown, parameters: object = {}): Promise<string> {
  const response = await order(prompt, parameters);
  await imagesIn(response);
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}
