import type { ImageRequest } from '../core/image-request';
import type { ProviderContext } from '../core/provider';
import { type Refused, refused } from './purchase';
import { dataUrlOf } from './vendor-call';

/** The references of a request as data URLs, in their order; or the refusal of a request that they do not fit into. */
export type ReferenceUrls = { readonly kind: 'urls'; readonly urls: readonly string[] } | Refused;

/** Reads the references. Nothing was sent yet, so one that cannot be read costs nothing. */
export async function referenceUrls(
  { references }: ImageRequest,
  context: ProviderContext,
  { title, largestBytes }: { title: string; largestBytes: number },
): Promise<ReferenceUrls> {
  const sizeBytes = references.reduce((sum, reference) => sum + reference.sizeBytes, 0);
  if (sizeBytes > largestBytes) {
    const message = `its references may have at most ${Math.floor(largestBytes / 1024 / 1024)} MiB together`;
    return refused({ title }, 'invalid', message);
  }
  try {
    const urls: string[] = [];
    // One after the other: held all at once and in two forms, they would fill an isolate.
    for (const reference of references) {
      urls.push(dataUrlOf(await context.readReference(reference), reference.contentType));
    }
    return { kind: 'urls', urls };
  } catch {
    return refused({ title }, 'unavailable', null);
  }
}
