import type { Shop, SimulatedReply, SimulatedRequest } from './simulator.ts';

/** A file that was uploaded to 1min.ai. */
export interface StoredAsset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const assets = new WeakMap<Shop, Map<string, StoredAsset>>();

/** An asset by the path that its upload was answered with; null where there is none. */
export function storedAsset(shop: Shop, path: string): StoredAsset | null {
  return assets.get(shop)?.get(path) ?? null;
}

/** `POST /api/assets`: a form with the file in its field `asset`. Nothing is charged for it. */
export async function storeAsset({ headers, body }: SimulatedRequest, shop: Shop): Promise<SimulatedReply> {
  const file = await fileIn(String(headers['content-type']), body);
  if (file === null)
    return { status: 400, json: { errorCode: 'MISSING_REQUIRED_FIELDS', message: 'asset is missing' } };
  const { name, type, size } = file;
  const extension = type.split('/')[1] ?? 'bin';
  const path = `images/${crypto.randomUUID()}.${extension}`;
  const kept = assets.get(shop) ?? new Map<string, StoredAsset>();
  assets.set(shop, kept.set(path, { type, bytes: new Uint8Array(await file.arrayBuffer()) }));
  return {
    status: 200,
    json: {
      asset: { fieldname: 'asset', originalname: name, mimetype: type, size, bucket: 'asset.1min.ai', key: path },
      fileContent: { uuid: crypto.randomUUID(), path, type: extension, name, status: 'ACTIVE' },
    },
  };
}

async function fileIn(contentType: string, body: Uint8Array<ArrayBuffer>): Promise<File | null> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const asset = form.get('asset');
    return asset instanceof File ? asset : null;
  } catch {
    return null;
  }
}
