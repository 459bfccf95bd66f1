import * as z from 'zod';
import { Fault } from '../core/fault';
import type { Output, ProviderContext, ProviderSettings, Submission } from '../core/provider';
import { decodeDataUrl, downloadPicture } from './vendor-call';

/** A purchase that was answered with the picture itself: its URL, a data URL, or bare base64. */
export function soldPicture(picture: string): Submission {
  if (/^https?:/i.test(picture)) return { kind: 'done', output: { url: picture }, charge: null, bytes: null };
  return { kind: 'done', output: {}, charge: null, bytes: decodedOrNull(picture) };
}

/** In the place of a picture that the vendor made, charges for, and keeps back. */
export const withheldOutput: Output = { isWithheld: true };

/** A purchase whose picture is kept back. */
export const withheldPicture: Submission = {
  kind: 'done',
  output: withheldOutput,
  charge: null,
  bytes: null,
};

/** The bytes of what was sold. @throws Fault `moderated_output` where it is kept back, or `provider_failed`. */
export async function collectSold(
  output: Output,
  { title, settings, context }: { title: string; settings: ProviderSettings; context: ProviderContext },
): Promise<Uint8Array<ArrayBuffer>> {
  const { url, isWithheld } = outputSchema.parse(output);
  if (isWithheld) throw new Fault('moderated_output', `${title} withheld the picture as against its content policy.`);
  if (url === null)
    throw new Fault('provider_failed', `${title} sent the picture in its answer, and it could not be kept.`);
  return await downloadPicture(context, settings, url);
}

const outputSchema = z.object({ url: z.string().nullable().default(null), isWithheld: z.boolean().default(false) });

/** It was sold even so: what cannot be read is missing when it is collected. */
function decodedOrNull(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return decodeDataUrl(base64);
  } catch {
    return null;
  }
}
