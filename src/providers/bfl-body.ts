import { type ImageRequest, promptText } from '../core/image-request';
import type { ProviderContext } from '../core/provider';
import { renderSize } from '../core/size';

/** The body of a purchase, or why there is none. */
export type BflBody =
  | { readonly kind: 'body'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too-large'; readonly message: string };

/**
 * Flux2FlexInputs of https://api.bfl.ai/openapi.json with every parameter said, and references as bare base64, the form
 * that BFL documents. A webhook is never passed on: BFL's answer to one has no polling URL.
 */
export async function bflBody(request: ImageRequest, context: ProviderContext): Promise<BflBody> {
  const sizeBytes = request.references.reduce((sum, reference) => sum + reference.sizeBytes, 0);
  if (sizeBytes > largestReferencesBytes) return { kind: 'too-large', message: tooLargeMessage };
  const { width, height } = renderSize(request);
  try {
    const images = await inputImages(request, context);
    return {
      kind: 'body',
      body: {
        prompt: promptText(request.prompt),
        prompt_upsampling: request.promptUpsampling,
        width,
        height,
        steps: request.steps,
        guidance: request.guidance,
        seed: request.seed,
        safety_tolerance: request.safetyTolerance,
        output_format: 'png',
        ...images,
      },
    };
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * Of all references together. Encoded, written as JSON and sent, they are held some four times over, and an isolate has
 * 128 MB: one that dies of them takes other purchases with it, whose answers it awaits.
 */
const largestReferencesBytes = 24 * 1024 * 1024;
const tooLargeMessage = 'its references may have at most 24 MiB together';

async function inputImages({ references }: ImageRequest, context: ProviderContext): Promise<Record<string, string>> {
  const images: Record<string, string> = {};
  for (const [index, reference] of references.entries()) {
    const bytes = await context.readReference(reference);
    images[index === 0 ? 'input_image' : `input_image_${index + 1}`] = bytes.toBase64();
  }
  return images;
}
