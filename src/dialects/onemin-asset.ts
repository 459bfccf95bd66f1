import type { Upload, WireJson } from '../core/dialect';

/** An upload as 1min.ai tells of it: `path`, also `key`, is what `imageUrl` takes. */
export function wireAsset(upload: Upload): WireJson {
  const { contentType, sizeBytes, sha256, name } = upload;
  const path = `uploads/${upload.id}`;
  const field = { fieldname: 'asset', originalname: name, encoding: '7bit', mimetype: contentType };
  return {
    asset: {
      ...field,
      size: sizeBytes,
      bucket: 'uploads',
      key: path,
      acl: 'private',
      contentType,
      contentDisposition: null,
      contentEncoding: null,
      storageClass: 'STANDARD',
      serverSideEncryption: null,
      metadata: field,
      location: upload.url,
      etag: `"${sha256}"`,
    },
    fileContent: {
      uuid: uuidOf(sha256),
      path,
      type: upload.id.split('.').at(-1) ?? 'png',
      name: upload.id,
      content: '',
      status: 'ACTIVE',
      metadata: { token: 0, character: 0 },
      createdAt: new Date(upload.createdAt).toISOString(),
    },
  };
}

/** A UUID (RFC 9562, version 8) out of a digest. */
function uuidOf(sha256: string): string {
  return sha256.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}
