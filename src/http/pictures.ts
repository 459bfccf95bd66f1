import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import { Fault } from '../core/fault';
import { parse } from '../core/parse';
import { type PictureQuery, pictureQuerySchema, renditionOfQuery } from '../core/picture-query';
import {
  type Format,
  fitsAvif,
  formatOfExtension,
  formats,
  isCropOf,
  isOnLadder,
  offLadderFault,
  type Rendition,
  signedText,
  wholeRendition,
} from '../core/rendition';
import { factsOf, namespaceOf } from '../storage/picture-store';
import { type PictureFacts, publicNamespace } from '../storage/recipe';
import { acceptedFormats } from './accepted-formats';
import type { Front, FrontEnv } from './front';
import { provenanceOf } from './provenance';
import { withinPublicRate } from './public-rate';
import { refuse, refuseOtherMethods } from './refuse';
import { type AboutPicture, letGo, openStored, pictureHeaders, publicly, sendStored } from './stored-picture';

const fileName = /^([0-9a-f]{64})\.([a-z]{3,4})$/;

/**
 * Whom an answer is for: everybody, or who holds a URL that we signed. Private pictures are not there for everybody:
 * what leads to that 404 is the same work in the same order as for a picture that was never made.
 */
type Audience = 'everybody' | 'holder';

/** Public pictures by content address: `/images/{fingerprint}.{png,jpg,webp,avif,auto}` and their recipe as `.json`. */
export const pictures = new Hono<FrontEnv>()
  .get('/images/:file', zValidator('query', pictureQuerySchema, refuse), async (c) => {
    const { fingerprint, extension } = readFileName(c.req.param('file'));
    if (extension === 'json') return await serveRecipe(c, fingerprint, 'everybody');
    const query = c.req.valid('query');
    const isNegotiated = extension === 'auto' || query.format === 'auto';
    const format = extension === 'auto' ? 'jpeg' : formatOfExtension(extension);
    if (format === null) throw noSuchPicture();
    return await servePicture(c, fingerprint, {
      formats: isNegotiated ? acceptedFormats(c.req.header('accept'), format) : [format],
      query: isNegotiated ? { ...query, format: 'auto' } : query,
      audience: 'everybody',
    });
  })
  .all('/images/:file', refuseOtherMethods('GET', 'HEAD'));

/** Serves the picture or recipe that one of our own URLs names to who holds a URL that we signed for it. */
export async function servePictureAt(c: Context<FrontEnv>, url: string): Promise<Response> {
  const { pathname, searchParams } = new URL(url);
  const { fingerprint, extension } = readFileName(pathname.slice('/images/'.length));
  if (extension === 'json') return await serveRecipe(c, fingerprint, 'holder');
  const format = formatOfExtension(extension);
  if (format === null) throw noSuchPicture();
  const query = parse(pictureQuerySchema, Object.fromEntries(searchParams));
  return await servePicture(c, fingerprint, { formats: [format], query, audience: 'holder' });
}

/** What was served, and what is known of it. */
export interface Served {
  readonly response: Response;
  readonly facts: PictureFacts | null;
}

/**
 * Serves a rendition that we named ourselves, whosever the picture is.
 * @throws Fault `not_found` where there is no such picture.
 */
export async function serveRendition(c: Context<FrontEnv>, fingerprint: string, rendition: Rendition): Promise<Served> {
  const about = { fingerprint, format: rendition.format, query: {} };
  const stored = await withinPublicRate(c, openStored(c, fingerprint, rendition), letGo);
  if (stored !== null) {
    c.get('facts').isPictureHit = true;
    return { response: sendStored(c, stored, about), facts: factsOf(stored.object) };
  }
  const facts = await c.get('front').pictures.facts(fingerprint);
  if (facts === null) throw noSuchPicture();
  checkCrop(rendition, facts);
  return { response: await serveMade(c, rendition, about), facts };
}

interface Asked {
  /** What may be answered, the best first: one format, or what was negotiated. */
  readonly formats: readonly [Format, ...Format[]];
  readonly query: PictureQuery;
  readonly audience: Audience;
}

async function servePicture(c: Context<FrontEnv>, fingerprint: string, asked: Asked): Promise<Response> {
  const { query, audience } = asked;
  const [format, ...others] = asked.formats;
  const front = c.get('front');
  const rendition = renditionOfQuery(format, query);
  const stored = await withinPublicRate(c, openStored(c, fingerprint, rendition), letGo);
  if (stored !== null && isFor(audience, namespaceOf(stored.object))) {
    c.get('facts').isPictureHit = true;
    return sendStored(c, stored, { fingerprint, format, query });
  }
  const facts = await front.pictures.facts(fingerprint);
  if (facts === null || !isFor(audience, facts.namespace)) throw noSuchPicture();
  const isAllowed = isOnLadder(rendition) || (await isSignedByUs(front, signedText(fingerprint, rendition), query.s));
  if (!isAllowed) throw offLadderFault(rendition);
  checkCrop(rendition, facts);
  const [next, ...rest] = others;
  if (next !== undefined && format === 'avif' && !fitsAvif(rendition, facts))
    return await servePicture(c, fingerprint, { ...asked, formats: [next, ...rest] });
  return await serveMade(c, rendition, { fingerprint, format, query });
}

async function serveMade(c: Context<FrontEnv>, rendition: Rendition, about: AboutPicture): Promise<Response> {
  const making = c.get('front').renditions.make(about.fingerprint, rendition);
  // Others may wait for it: it goes on when this visitor leaves.
  c.executionCtx.waitUntil(making.catch(() => null));
  const made = await making;
  if (made === null) throw noSuchPicture();
  const again = await openStored(c, about.fingerprint, rendition);
  if (again !== null) return sendStored(c, again, about);
  return c.body(made.bytes, 200, pictureHeaders(about));
}

const isFor = (audience: Audience, namespace: string) => audience === 'holder' || namespace === publicNamespace;

function checkCrop({ crop }: Rendition, facts: PictureFacts): void {
  if (crop === null || isCropOf(crop, facts)) return;
  throw Fault.ofField('crop', `expected a size that rounds up to ${facts.width}x${facts.height} in multiples of 16.`);
}

async function isSignedByUs({ signatures }: Front, text: string, signature = ''): Promise<boolean> {
  return await signatures.isSigned('rendition', text, signature);
}

async function serveRecipe(c: Context<FrontEnv>, fingerprint: string, audience: Audience): Promise<Response> {
  const { pictures, ports } = c.var.front;
  const recipe = await withinPublicRate(c, pictures.recipe(fingerprint));
  if (recipe === null || !isFor(audience, recipe.facts.namespace)) throw noSuchPicture();
  const { origin } = new URL(c.req.url);
  const picture = { fingerprint, namespace: recipe.facts.namespace };
  const urls = await Promise.all(
    formats.map(async (format) => [format, await ports.pictureUrl(origin, picture, wholeRendition(format))] as const),
  );
  return c.json(provenanceOf(recipe, Object.fromEntries(urls)), 200, publicly(fingerprint));
}

function readFileName(file: string): { fingerprint: string; extension: string } {
  const match = fileName.exec(file);
  if (match?.[1] === undefined || match[2] === undefined) throw noSuchPicture();
  return { fingerprint: match[1], extension: match[2] };
}

function noSuchPicture(): Fault {
  return new Fault('not_found', 'There is no such picture.');
}
