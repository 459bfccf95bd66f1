import * as z from 'zod';
import type { Reference } from '../core/image-request';
import type { ProviderContext, ProviderSettings, RefusalReason } from '../core/provider';
import { reasonOf } from './error-code';
import { oneminShape } from './onemin-answer';
import { type Refused, refused } from './purchase';
import { acceptTimeoutMs, callVendor, retryAfterSeconds, type VendorAnswer } from './vendor-call';

/** A reference as the vendor keeps it: the path is what `imageUrl` takes. */
export type Asset = { readonly kind: 'asset'; readonly path: string } | Refused;

/**
 * Uploads a reference, as https://docs.1min.ai/docs/api/asset-api has it. Nothing is bought by that: it may be repeated,
 * and one that fails leaves room for another provider.
 */
export async function uploadReference(
  reference: Reference,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Asset> {
  let answer: VendorAnswer;
  try {
    const bytes = await context.readReference(reference);
    answer = await callVendor(context, settings, {
      method: 'POST',
      url: `${settings.baseUrl}/api/assets`,
      headers: { 'api-key': settings.apiKey },
      form: formOf(bytes, reference),
      timeoutMs: acceptTimeoutMs,
    });
  } catch {
    return refused(oneminShape, 'unavailable', null);
  }
  const path = answer.status < 300 ? pathIn(answer.json) : null;
  if (path !== null) return { kind: 'asset', path };
  return refused(oneminShape, whyNot(answer), null, retryAfterSeconds(answer.headers, context.now()));
}

function formOf(bytes: Uint8Array<ArrayBuffer>, { sha256, contentType }: Reference): FormData {
  const form = new FormData();
  const name = `${sha256.slice(0, 16)}.${contentType.slice('image/'.length)}`;
  form.set('asset', new File([bytes], name, { type: contentType }));
  return form;
}

const text = z.string().min(1);
const fileSchema = z.object({ fileContent: z.object({ path: text }) });
const assetSchema = z.object({ asset: z.object({ key: text }) });

function pathIn(json: unknown): string | null {
  const file = fileSchema.safeParse(json);
  if (file.success) return file.data.fileContent.path;
  const asset = assetSchema.safeParse(json);
  return asset.success ? asset.data.asset.key : null;
}

const reasonsByStatus: Readonly<Record<number, RefusalReason>> = {
  400: 'invalid',
  401: 'credentials',
  402: 'credit',
  403: 'credentials',
  413: 'invalid',
  415: 'invalid',
  429: 'busy',
};

function whyNot({ status, json }: VendorAnswer): RefusalReason {
  return reasonOf(oneminShape.codes(json)) ?? reasonsByStatus[status] ?? 'unavailable';
}
