import { snakeCased } from './letter-case';
import type { OrderPreference, PictureFields } from './picture-fields';

/** A reference picture: its https URL, a data URL, base64, or its bytes. */
export type ReferenceInput = string | URL | Blob | Uint8Array;

/** What to make, and who is to make it. All but the prompt may be left out. */
export interface PictureOptions extends PictureFields, OrderPreference {
  /** Up to 8, in order. */
  readonly references?: readonly ReferenceInput[];
}

/** FLUX.2's structured prompt. */
export type JsonPrompt = Exclude<PictureFields['prompt'], string>;

/** The prompt alone, or with all that there is to say. */
export type PictureOrder = string | PictureOptions;

export const orderPath = '/v1/flux-2-flex';

/** An order as BFL's API words it: https://docs.bfl.ai/flux_2/flux2_text_to_image */
export async function orderBody(options: PictureOptions): Promise<Record<string, unknown>> {
  const { references = [], format, provider, providerKey, fit, ...rest } = options;
  const pictures = await Promise.all(references.map(wireReference));
  return { ...snakeCased(rest), output_format: format, ...referenceFields(pictures) };
}

/** References by the names that BFL gives them. */
export function referenceFields<Value>(references: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(references.map((value, index) => [`input_image${index ? `_${index + 1}` : ''}`, value]));
}

/** What an order says in its headers: who is to make it. */
export function orderHeaders({ provider, providerKey, fit }: PictureOptions): Record<string, string | undefined> {
  return { 'x-fluxgate-provider': provider, 'x-provider-key': providerKey, 'x-fluxgate-fit': fit };
}

/** All that was said of a picture, from its prompt alone or from options. */
export function optionsOf<Options extends { readonly prompt: PictureFields['prompt'] }>(
  order: string | Options,
): Options | { readonly prompt: string } {
  return typeof order === 'string' ? { prompt: order } : order;
}

async function wireReference(reference: ReferenceInput): Promise<string> {
  if (typeof reference === 'string' || reference instanceof URL) return String(reference);
  const bytes = reference instanceof Blob ? new Uint8Array(await reference.arrayBuffer()) : reference;
  return base64Of(bytes);
}

/** In pieces: a function takes only so many arguments. */
export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
