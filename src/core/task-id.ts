import { toHex } from './fingerprint';
import { deliveredRendition, type Format, formats, type Rendition } from './rendition';
import type { Size } from './size';
import type { TaskSource } from './task';

/**
 * What a task id carries, so that polling reads no table. `generation` is when its render began (milliseconds since
 * 1970; 0 where the picture was stored already).
 */
export interface TaskHandle {
  readonly fingerprint: string;
  /** The first 8 bytes of the SHA-256 of the account's id, in hex: see {@link accountTag}. */
  readonly accountTag: string;
  readonly generation: number;
  readonly createdAt: number;
  readonly source: TaskSource;
  readonly format: Format;
  readonly quality: number | null;
  /** Whether answers about the task carry the picture's bytes. Absent: they carry its URL. */
  readonly wantsBytes?: boolean;
  /** The exact size asked for. */
  readonly size: Size;
  /** 7 random bytes in hex: what tells two tasks of one render apart. */
  readonly nonce: string;
}

const version = 1;
const bodyBytes = 70;
const macBytes = 16;
const noQuality = 255;
const wantsBytesFlag = 128;
const sources: readonly TaskSource[] = ['hit', 'joined', 'bought'];

/** Makes the id: base64url of the handle and a truncated HMAC-SHA-256 over it, 115 characters. */
export async function sealTaskId(handle: TaskHandle, key: CryptoKey): Promise<string> {
  const body = encodeHandle(handle);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, body));
  const sealed = new Uint8Array(bodyBytes + macBytes);
  sealed.set(body);
  sealed.set(mac.subarray(0, macBytes), bodyBytes);
  return sealed.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Reads an id back; null when it is not one of ours. */
export async function openTaskId(id: string, key: CryptoKey): Promise<TaskHandle | null> {
  const sealed = decodeBase64Url(id);
  if (sealed === null || sealed.length !== bodyBytes + macBytes || sealed[0] !== version) return null;
  const body = sealed.slice(0, bodyBytes);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, body));
  const isGenuine = crypto.subtle.timingSafeEqual(mac.slice(0, macBytes), sealed.slice(bodyBytes));
  return isGenuine ? decodeHandle(body) : null;
}

const mostTags = 1_000;
const tags = new Map<string, string>();

/** Names an account inside a task id without giving it away. Remembered: every order asks for its account's. */
export async function accountTag(accountId: string): Promise<string> {
  const known = tags.get(accountId);
  if (known !== undefined) return known;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accountId));
  const tag = toHex(new Uint8Array(digest, 0, 8));
  if (tags.size >= mostTags) tags.clear();
  tags.set(accountId, tag);
  return tag;
}

/** The rendition that a task delivers. */
export function renditionOf(handle: TaskHandle): Rendition {
  return deliveredRendition(handle.size, handle.format, handle.quality);
}

function encodeHandle(handle: TaskHandle): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(bodyBytes);
  const view = new DataView(body.buffer);
  body[0] = version;
  body.set(Uint8Array.fromHex(handle.fingerprint), 1);
  body.set(Uint8Array.fromHex(handle.accountTag), 33);
  view.setBigUint64(41, BigInt(handle.generation));
  view.setBigUint64(49, BigInt(handle.createdAt));
  const delivery = handle.wantsBytes === true ? wantsBytesFlag : 0;
  body[57] = delivery + sources.indexOf(handle.source) * 16 + formats.indexOf(handle.format);
  body[58] = handle.quality ?? noQuality;
  view.setUint16(59, handle.size.width);
  view.setUint16(61, handle.size.height);
  body.set(Uint8Array.fromHex(handle.nonce), 63);
  return body;
}

function decodeHandle(body: Uint8Array<ArrayBuffer>): TaskHandle | null {
  const view = new DataView(body.buffer);
  const kinds = view.getUint8(57);
  const source = sources[(kinds & ~wantsBytesFlag) >> 4];
  const format = formats[kinds & 15];
  if (source === undefined || format === undefined) return null;
  const quality = view.getUint8(58);
  return {
    fingerprint: body.subarray(1, 33).toHex(),
    accountTag: body.subarray(33, 41).toHex(),
    generation: Number(view.getBigUint64(41)),
    createdAt: Number(view.getBigUint64(49)),
    source,
    format,
    quality: quality === noQuality ? null : quality,
    ...((kinds & wantsBytesFlag) === 0 ? {} : { wantsBytes: true }),
    size: { width: view.getUint16(59), height: view.getUint16(61) },
    nonce: body.subarray(63, 70).toHex(),
  };
}

/** Strict: the bits that are left over in the last character must be zero, or an id could be spelled in four ways. */
function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length > 128 || !/^[\w-]+$/.test(text)) return null;
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  try {
    return Uint8Array.fromBase64(padded, { alphabet: 'base64url', lastChunkHandling: 'strict' });
  } catch {
    return null;
  }
}
