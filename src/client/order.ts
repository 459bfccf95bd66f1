import { snakeCased } from './letter-case';

/** A reference picture: its https URL, a data URL, base64, or its bytes. */
export type ReferenceInput = string | URL | Blob | Uint8Array;

/** FLUX.2's structured prompt. */
export type JsonPrompt = { readonly [key: string]: unknown };

/** What to make. All but the prompt may be left out. */
export interface PictureOptions {
  readonly prompt: string | JsonPrompt;
  /** Up to 8, in order. */
  readonly references?: readonly ReferenceInput[];
  /** 0 to 4294967295. The same seed and parameters are the same picture; absent: one is drawn, and told. */
  readonly seed?: number;
  /** 64 to 4096 pixels, exactly as asked for. */
  readonly width?: number;
  readonly height?: number;
  /** Such as `16:9`, at one megapixel, where no size is given. */
  readonly aspectRatio?: string;
  /** 1 to 50. */
  readonly steps?: number;
  /** 1.5 to 10. */
  readonly guidance?: number;
  readonly promptUpsampling?: boolean;
  /** 0 (strictest) to 5. */
  readonly safetyTolerance?: number;
  /** `jpeg` where absent. Stored pictures come in any format and size: see `url`. */
  readonly format?: 'png' | 'jpeg' | 'webp';
  /** This provider and no other. */
  readonly provider?: string;
  /** The caller's own key of that provider. */
  readonly providerKey?: string;
  /** `nearest` takes what comes closest where no provider makes exactly this. */
  readonly fit?: 'exact' | 'nearest';
  /** An https URL that is told when the picture is there. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
}

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
export function optionsOf(order: PictureOrder): PictureOptions {
  return typeof order === 'string' ? { prompt: order } : order;
}

async function wireReference(reference: ReferenceInput): Promise<string> {
  if (typeof reference === 'string' || reference instanceof URL) return String(reference);
  const bytes = reference instanceof Blob ? new Uint8Array(await reference.arrayBuffer()) : reference;
  return base64Of(bytes);
}

/** In pieces: a function takes only so many arguments. */
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
