import type { Context } from 'hono';
import { Fault } from '../core/fault';
import type { PictureQuery } from '../core/picture-query';
import { contentTypes, type Format, type Rendition } from '../core/rendition';
import { traitHeaders } from '../storage/picture-store';
import { readByteRange } from './byte-range';
import type { FrontEnv } from './front';

/** RFC 9110, 13.1.2. R2 throws on anything else. */
const entityTags = /^(\*|(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*)$/;
const yearSeconds = 31_536_000;
const daySeconds = 86_400;

/** What an answer with a picture says of it besides the object's own traits. */
export interface AboutPicture {
  readonly fingerprint: string;
  readonly format: Format;
  readonly query: PictureQuery;
}

/** A stored object, as much of it as the request's conditions let R2 read. */
export interface Stored {
  readonly object: R2Object | R2ObjectBody;
  /** Whether its body is the part that was asked for, and not the whole. */
  readonly isPart: boolean;
}

/**
 * One read, as a rule. A second one gets the whole object where R2 refuses the range, or where `If-Range` does not
 * name what is stored.
 */
export async function openStored(
  c: Context<FrontEnv>,
  fingerprint: string,
  rendition: Rendition,
): Promise<Stored | null> {
  const { pictures } = c.get('front');
  const ifNoneMatch = c.req.header('if-none-match')?.trim() ?? '';
  const condition = entityTags.test(ifNoneMatch) ? { ifNoneMatch } : {};
  const range = rangeOption(rangeOf(c));
  if (range !== null) {
    const object = await pictures.open(fingerprint, rendition, { ...condition, range }).catch(() => undefined);
    if (object === null) return null;
    const ifRange = c.req.header('if-range');
    if (object !== undefined && (ifRange ?? object.httpEtag) === object.httpEtag) return { object, isPart: true };
  }
  const object = await pictures.open(fingerprint, rendition, condition);
  return object === null ? null : { object, isPart: false };
}

/** Ends the reading of one that is not sent. */
export async function letGo(stored: Stored | null): Promise<void> {
  if (stored !== null && 'body' in stored.object) await stored.object.body.cancel();
}

/** GET alone has ranges (RFC 9110, 14.2): HEAD tells of the whole. */
function rangeOf(c: Context<FrontEnv>): string | undefined {
  return c.req.method === 'HEAD' ? undefined : c.req.header('range');
}

/** A range as R2 takes it; null where the whole is wanted, or the range makes no sense. */
function rangeOption(header: string | undefined): R2Range | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '') return Number(last) === 0 ? null : { suffix: Number(last) };
  if (last === '') return { offset: Number(first) };
  return Number(last) < Number(first) ? null : { offset: Number(first), length: Number(last) - Number(first) + 1 };
}

export function sendStored(c: Context<FrontEnv>, { object, isPart }: Stored, about: AboutPicture): Response {
  const headers = {
    ...pictureHeaders(about),
    ...traitHeaders(object),
    etag: object.httpEtag,
    'accept-ranges': 'bytes',
  };
  if (!('body' in object)) return c.body(null, 304, headers);
  const range = readByteRange(rangeOf(c), object.size);
  const isCurrent = (c.req.header('if-range') ?? object.httpEtag) === object.httpEtag;
  if (range.kind === 'unsatisfiable' && isCurrent) {
    throw new Fault('range_not_satisfiable', `The picture has ${object.size} bytes.`, { sizeBytes: object.size });
  }
  if (range.kind !== 'part' || !isPart)
    return new Response(object.body, { headers: { ...headers, 'content-length': String(object.size) } });
  const end = range.offset + range.length - 1;
  return c.body(object.body, 206, {
    ...headers,
    'content-length': String(range.length),
    'content-range': `bytes ${range.offset}-${end}/${object.size}`,
  });
}

/**
 * A picture's address stands for its bytes for ever, so browsers keep it. Caches on the way ask again after a day, and
 * may not serve what they cannot ask about: that bounds how long a purged picture is served where no purge comes.
 * Source: https://developers.cloudflare.com/workers/cache/configuration/#cache-control-semantics
 */
export function publicly(fingerprint: string): Record<'cache-control' | 'cache-tag', string> {
  return {
    'cache-control': `public, max-age=${yearSeconds}, s-maxage=${daySeconds}, immutable`,
    'cache-tag': `picture-${fingerprint}`,
  };
}

export function pictureHeaders({ fingerprint, format, query }: AboutPicture): Record<string, string> {
  return {
    'content-type': contentTypes[format],
    ...publicly(fingerprint),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    ...(query.format === 'auto' ? { vary: 'Accept' } : {}),
    ...(query.download === undefined ? {} : { 'content-disposition': attachment(query.download, fingerprint, format) }),
  };
}

/** A file name that no header can be broken with. */
function attachment(wanted: string, fingerprint: string, format: Format): string {
  const extension = format === 'jpeg' ? 'jpg' : format;
  const name = wanted
    .replaceAll(/[^\w. -]/g, '')
    .replace(/^[. ]+/, '')
    .replace(/\.\w+$/, '')
    .trim()
    .slice(0, 80);
  const isName = name !== '' && !/^(1|true|yes)$/.test(name);
  return `attachment; filename="${isName ? name : fingerprint.slice(0, 16)}.${extension}"`;
}
