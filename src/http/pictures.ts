import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import { Fault } from '../core/fault';
import { parse } from '../core/parse';
import { type PictureQuery, pictureQuerySchema, renditionOfQuery } from '../core/picture-query';
import {
  contentTypes,
  type Format,
  formatOfExtension,
  isCropOf,
  isOnLadder,
  offLadderFault,
  type Rendition,
} from '../core/rendition';
import type { PictureFacts } from '../storage/recipe';
import { readByteRange } from './byte-range';
import type { Front, FrontEnv } from './front';
import { provenanceOf } from './provenance';
import { refuse, refuseOtherMethods } from './refuse';

const fileName = /^([0-9a-f]{64})\.([a-z]{3,4})$/;
/** RFC 9110, 13.1.2. R2 throws on anything else. */
const entityTags = /^(\*|(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*)$/;
const yearSeconds = 31_536_000;

/** Public pictures by content address: `/images/{fingerprint}.{png,jpg,webp,avif}` and their recipe as `.json`. */
export const pictures = new Hono<FrontEnv>()
  .get('/images/:file', zValidator('query', pictureQuerySchema, refuse), async (c) => {
    const { fingerprint, extension } = readFileName(c.req.param('file'));
    if (extension === 'json') return await serveRecipe(c, fingerprint);
    const format = formatOfExtension(extension);
    if (format === null) throw noSuchPicture();
    return await servePicture(c, fingerprint, { format, query: c.req.valid('query'), url: c.req.url });
  })
  .all('/images/:file', refuseOtherMethods('GET', 'HEAD'));

/** Serves the picture that one of our own URLs names, whatever URL was asked for. */
export async function servePictureAt(c: Context<FrontEnv>, url: string): Promise<Response> {
  const { pathname, searchParams } = new URL(url);
  const { fingerprint, extension } = readFileName(pathname.slice('/images/'.length));
  const format = formatOfExtension(extension);
  if (format === null) throw noSuchPicture();
  const query = parse(pictureQuerySchema, Object.fromEntries(searchParams));
  return await servePicture(c, fingerprint, { format, query, url });
}

async function servePicture(
  c: Context<FrontEnv>,
  fingerprint: string,
  { format, query, url }: { format: Format; query: PictureQuery; url: string },
): Promise<Response> {
  const { front } = c.var;
  const rendition = renditionOfQuery(format, query);
  const stored = await openStored(c, fingerprint, rendition);
  if (stored !== null) return sendStored(c, stored, { fingerprint, format, query });
  const isAllowed = isOnLadder(rendition) || (await isSignedByUs(front, url));
  if (!isAllowed) throw await refusalOffLadder(front, fingerprint, rendition);
  const made = await front.renditions.make(fingerprint, rendition, (facts) => checkCrop(rendition, facts));
  if (made === null) throw noSuchPicture();
  const again = await openStored(c, fingerprint, rendition);
  if (again !== null) return sendStored(c, again, { fingerprint, format, query });
  return c.body(made.bytes, 200, pictureHeaders({ fingerprint, format, query }));
}

/** A stored object, as much of it as the request's conditions let R2 read. */
interface Stored {
  readonly object: R2Object | R2ObjectBody;
  /** Whether its body is the part that was asked for, and not the whole. */
  readonly isPart: boolean;
}

/**
 * One read, as a rule. A second one gets the whole object where R2 refuses the range, or where `If-Range` does not
 * name what is stored.
 */
async function openStored(c: Context<FrontEnv>, fingerprint: string, rendition: Rendition): Promise<Stored | null> {
  const { pictures } = c.var.front;
  const ifNoneMatch = c.req.header('if-none-match')?.trim() ?? '';
  const condition = entityTags.test(ifNoneMatch) ? { ifNoneMatch } : {};
  const range = rangeOption(c.req.header('range'));
  if (range !== null) {
    const object = await pictures.open(fingerprint, rendition, { ...condition, range }).catch(() => undefined);
    if (object === null) return null;
    const ifRange = c.req.header('if-range');
    if (object !== undefined && (ifRange ?? object.httpEtag) === object.httpEtag) return { object, isPart: true };
  }
  const object = await pictures.open(fingerprint, rendition, condition);
  return object === null ? null : { object, isPart: false };
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

function sendStored(
  c: Context<FrontEnv>,
  { object, isPart }: Stored,
  about: { fingerprint: string; format: Format; query: PictureQuery },
): Response {
  const headers = { ...pictureHeaders(about), etag: object.httpEtag, 'accept-ranges': 'bytes' };
  if (!('body' in object)) return c.body(null, 304, headers);
  const range = readByteRange(c.req.header('range'), object.size);
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

function pictureHeaders({ fingerprint, format, query }: { fingerprint: string; format: Format; query: PictureQuery }) {
  return {
    'content-type': contentTypes[format],
    'cache-control': `public, max-age=${yearSeconds}, immutable`,
    'cache-tag': `picture-${fingerprint}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
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

/** Apart from the making, which those who may have it share with others. */
async function refusalOffLadder(front: Front, fingerprint: string, rendition: Rendition): Promise<Fault> {
  const isStored = (await front.pictures.facts(fingerprint)) !== null;
  return isStored ? offLadderFault(rendition) : noSuchPicture();
}

function checkCrop({ crop }: Rendition, facts: PictureFacts): void {
  if (crop === null || isCropOf(crop, facts)) return;
  throw Fault.ofField('crop', `expected a size that rounds up to ${facts.width}x${facts.height} in multiples of 16.`);
}

async function isSignedByUs({ signatures }: Front, url: string): Promise<boolean> {
  const { pathname, searchParams } = new URL(url);
  const signature = searchParams.get('s');
  if (signature === null) return false;
  searchParams.delete('s');
  searchParams.delete('download');
  return await signatures.isSigned('rendition', `${pathname}?${searchParams}`, signature);
}

async function serveRecipe(c: Context<FrontEnv>, fingerprint: string): Promise<Response> {
  const recipe = await c.var.front.pictures.recipe(fingerprint);
  if (recipe === null) throw noSuchPicture();
  const headers = {
    'cache-control': `public, max-age=${yearSeconds}, immutable`,
    'cache-tag': `picture-${fingerprint}`,
  };
  return c.json(provenanceOf(recipe, new URL(c.req.url).origin), 200, headers);
}

function readFileName(file: string): { fingerprint: string; extension: string } {
  const match = fileName.exec(file);
  if (match?.[1] === undefined || match[2] === undefined) throw noSuchPicture();
  return { fingerprint: match[1], extension: match[2] };
}

function noSuchPicture(): Fault {
  return new Fault('not_found', 'There is no such picture.');
}
