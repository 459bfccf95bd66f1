import * as z from 'zod';
import { Fault } from '../core/fault';
import { sha256Hex } from '../core/fingerprint';
import { GuardError, guardedFetch } from '../core/guarded-fetch';
import { limits, type Reference, referenceSchema } from '../core/image-request';
import type { ReferenceSource } from '../core/order';
import { probePicture } from '../core/picture-probe';
import { isSideDataSound } from '../core/png-side-data';
import { isSoundPng } from '../core/png-soundness';

const accepted = 'a PNG, JPEG, WebP or GIF picture of at most 20 MB and 64 megapixels';
const fetchTimeoutMs = 10_000;

/** Where a reference on our own origin leads: its bytes without a fetch; `missing` where a picture of ours would be. Null: not ours. */
export type OwnPictures = (url: URL) => Promise<Uint8Array<ArrayBuffer> | 'missing' | null>;

/** An upload: a reference, by an id that may have been promised before its bytes were known. */
const storedUploadSchema = referenceSchema.extend({ id: z.string(), name: z.string(), createdAt: z.int() });
export type StoredUpload = Readonly<z.infer<typeof storedUploadSchema>>;

/** References in R2 under the SHA-256 of their bytes: fetched and hashed once, the same for everyone who sends them. */
export class ReferenceStore {
  readonly #bucket: R2Bucket;
  readonly #fetch: typeof fetch;
  readonly #trustedOrigins: readonly string[];

  constructor(bucket: R2Bucket, fetcher: typeof fetch, trustedOrigins: readonly string[]) {
    this.#bucket = bucket;
    this.#fetch = fetcher;
    this.#trustedOrigins = trustedOrigins;
  }

  /**
   * Takes a reference in: decodes or fetches it, checks it by its bytes, stores it.
   * @throws Fault `invalid_request` naming the field that held it.
   */
  async admit(source: ReferenceSource, own: OwnPictures): Promise<Reference> {
    const bytes = await this.#read(source, own);
    if (bytes.length > limits.referenceBytes) throw Fault.ofField(source.field, `expected ${accepted}; it is larger.`);
    const reference = await inspect(bytes, source.field);
    await this.#bucket.put(referenceKey(reference.sha256), bytes, {
      onlyIf: { etagDoesNotMatch: '*' },
      httpMetadata: { contentType: reference.contentType },
    });
    return reference;
  }

  /** Stores an upload under `id`, or under its own digest. @throws Fault naming the field that it came in. */
  async upload(
    file: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string; readonly field: string },
    id: string | null,
  ): Promise<StoredUpload> {
    if (file.bytes.length > limits.referenceBytes)
      throw Fault.ofField(file.field, `expected ${accepted}; it is larger.`);
    const reference = await inspect(file.bytes, [file.field]);
    const createdAt = Date.now();
    const upload = { ...reference, id: id ?? reference.sha256, name: file.name.slice(0, 200), createdAt };
    await this.#bucket.put(referenceKey(upload.id), file.bytes, {
      httpMetadata: { contentType: reference.contentType },
      customMetadata: { upload: JSON.stringify(upload) },
    });
    return upload;
  }

  /** What is known of an upload, or null. */
  async uploaded(id: string): Promise<StoredUpload | null> {
    const object = await this.#bucket.head(referenceKey(id));
    const text = object?.customMetadata?.upload;
    return text === undefined ? null : storedUploadSchema.parse(JSON.parse(text));
  }

  async read(id: string): Promise<R2ObjectBody | null> {
    return await this.#bucket.get(referenceKey(id));
  }

  async bytes(reference: Pick<Reference, 'sha256'>): Promise<Uint8Array<ArrayBuffer>> {
    const object = await this.read(reference.sha256);
    if (object === null) throw new Fault('internal', 'A reference picture is missing from the store.');
    return new Uint8Array(await object.arrayBuffer());
  }

  async #read(source: ReferenceSource, own: OwnPictures): Promise<Uint8Array<ArrayBuffer>> {
    switch (source.kind) {
      case 'bytes':
        return source.bytes;
      case 'base64':
        return decodeBase64(source.base64, source.field);
      case 'url':
        return await this.#download(source.url, source.field, own);
    }
  }

  async #download(url: string, field: ReferenceSource['field'], own: OwnPictures): Promise<Uint8Array<ArrayBuffer>> {
    const ownBytes = URL.canParse(url) ? await own(new URL(url)) : null;
    if (ownBytes === 'missing')
      throw Fault.ofField(field, 'there is no such picture here, or its URL has expired or is of another account.');
    if (ownBytes !== null) return ownBytes;
    try {
      const response = await guardedFetch(
        this.#fetch,
        { url, headers: { accept: 'image/png, image/jpeg, image/webp, image/gif' } },
        {
          trustedOrigins: this.#trustedOrigins,
          timeoutMs: fetchTimeoutMs,
          maximumBytes: limits.referenceBytes,
          maximumRedirects: 3,
        },
      );
      if (response.status === 200) return response.bytes;
      throw Fault.ofField(field, `the picture could not be fetched: its server answered ${response.status}.`);
    } catch (thrown) {
      if (thrown instanceof GuardError) throw Fault.ofField(field, thrown.message);
      throw thrown;
    }
  }
}

/** Reads raw base64 or a data URL. @throws Fault naming the field. */
function decodeBase64(text: string, field: ReferenceSource['field']): Uint8Array<ArrayBuffer> {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1;
  if (text.startsWith('data:') && !/;base64$/i.test(text.slice(0, Math.max(0, comma)))) {
    throw Fault.ofField(field, 'expected a data URL with ;base64, raw base64, or an https URL.');
  }
  const body = text.slice(comma + 1);
  if (body.length > limits.referenceBytes * 1.4) throw Fault.ofField(field, `expected ${accepted}; it is larger.`);
  try {
    return Uint8Array.fromBase64(body, { alphabet: /[-_]/.test(body) ? 'base64url' : 'base64' });
  } catch {
    throw Fault.ofField(field, `expected base64, a data URL or an https URL of ${accepted}.`);
  }
}

async function inspect(bytes: Uint8Array<ArrayBuffer>, field: ReferenceSource['field']): Promise<Reference> {
  const probe = probePicture(bytes);
  if (probe === null || probe.format === 'avif') throw Fault.ofField(field, `expected ${accepted}.`);
  if (!probe.isComplete)
    throw Fault.ofField(
      field,
      `the picture is cut short, or cut into more parts than any needs; expected ${accepted}.`,
    );
  const { width, height, contentType } = probe;
  if (width * height > limits.referencePixels) {
    throw Fault.ofField(field, `the picture has ${width}×${height} pixels; expected ${accepted}.`);
  }
  if (probe.format === 'png' && !(await isSoundPng(bytes))) {
    throw Fault.ofField(field, `the picture's data does not match its header; expected ${accepted}.`);
  }
  if (probe.format === 'png' && !(await isSideDataSound(bytes))) {
    throw Fault.ofField(
      field,
      `the picture's texts or colour profile are too many, or inflate beyond measure; expected ${accepted}.`,
    );
  }
  const reference = referenceSchema.safeParse({
    sha256: await sha256Hex(bytes),
    contentType,
    width,
    height,
    sizeBytes: bytes.length,
  });
  if (reference.success) return reference.data;
  throw Fault.ofField(field, `expected ${accepted}.`);
}

const referenceKey = (id: string) => `references/${id}`;
