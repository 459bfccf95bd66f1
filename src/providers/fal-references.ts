import type { ImageRequest } from '../core/image-request';
import type { ProviderContext, Submission } from '../core/provider';
import { refused } from './purchase';
import { dataUrlOf } from './vendor-call';

/** A request's references as a vendor takes them, or the refusal that spares it the request. */
export type ReferenceUrls =
  | { readonly kind: 'urls'; readonly urls: readonly string[] }
  | { readonly kind: 'refused'; readonly submission: Submission };

/** Of all references together: encoded and written as JSON they are held several times over, in 128 MB. */
export const largestReferencesBytes = 24 * 1024 * 1024;

/** References as data URLs, in their order. Nothing was sent yet: whatever goes wrong here is a refusal. */
export async function referenceUrls(
  { references }: ImageRequest,
  context: ProviderContext,
  { title, largestBytes }: { readonly title: string; readonly largestBytes: number },
): Promise<ReferenceUrls> {
  const sizeBytes = references.reduce((sum, reference) => sum + reference.sizeBytes, 0);
  if (sizeBytes > largestBytes) {
    const message = `its references may have at most ${Math.floor(largestBytes / 1e6)} MB together`;
    return { kind: 'refused', submission: refused({ title }, 'invalid', message) };
  }
  const urls: string[] = [];
  try {
    for (const reference of references) {
      urls.push(dataUrlOf(await context.readReference(reference), reference.contentType));
    }
  } catch {
    return { kind: 'refused', submission: refused({ title }, 'unavailable', null) };
  }
  return { kind: 'urls', urls };
}
