import { type Context, Hono } from 'hono';
import type { KeyHolder } from '../accounts/api-key';
import type { LinkSigner } from '../accounts/key-ring';
import type { WireRequest } from '../core/dialect';
import { Fault, toFault } from '../core/fault';
import type { Order } from '../core/order';
import { type LinkedPicture, linkedPicture, linkText, type PictureLink, readLink } from '../core/picture-link';
import { renditionOfQuery } from '../core/picture-query';
import { isOnLadder, offLadderFault, type Rendition } from '../core/rendition';
import {
  buyLinked,
  checkLinked,
  type LinkTarget,
  type LinkTerms,
  linkTarget,
  restAfterFailureMs,
} from '../pipeline/linked-picture';
import type { Caller } from '../pipeline/ports';
import type { FrontEnv } from './front';
import { pendingAnswer, standIn, unmadeAnswer } from './link-stand-in';
import { type Served, serveRendition } from './pictures';
import { refusedLink, secondsShown } from './private-link';
import { refuseOtherMethods } from './refuse';
import { withinLinkRate } from './visitors';

/** Words a link's picture as an order: pure, and the same as BFL's API reads its body. */
export type LinkDecoder = (wire: WireRequest) => Order;

/** Signed links: `GET /i/{slug}.{webp,avif,jpg,png}?prompt=…&key=…&sig=…`, which may have a picture made. */
export function links(decode: LinkDecoder): Hono<FrontEnv> {
  return new Hono<FrontEnv>()
    .get('/i/:file', async (c) => await serveLink(c, decode).catch((thrown) => failTimely(c, thrown)))
    .all('/i/:file', refuseOtherMethods('GET', 'HEAD'));
}

/** A link whose signature is its key's. */
interface GenuineLink {
  readonly link: PictureLink;
  readonly asked: LinkedPicture;
  readonly target: LinkTarget;
  readonly caller: Caller;
  readonly terms: LinkTerms;
  /** Whether the key may still buy. */
  readonly isKeyGood: boolean;
  /** For how long the picture may be kept; null: for ever, as everybody's. */
  readonly secondsShown: number | null;
}

async function serveLink(c: Context<FrontEnv>, decode: LinkDecoder): Promise<Response> {
  const genuine = await openLink(c, decode);
  const { asked, target, caller } = genuine;
  const stored = await storedAnswer(c, genuine);
  if (stored !== null) {
    // A look at the headers alone saves nobody a picture.
    if (c.req.method === 'HEAD') return stored.response;
    const savedMicros = stored.facts?.quotedMicros ?? 0;
    const { account, dialect, defer } = caller;
    c.get('front').ports.count({ accountId: account.id, dialect, savedMicros, chargedMicros: 0 }, defer);
    return stored.response;
  }
  try {
    return await makeAnswer(c, genuine);
  } catch (thrown) {
    if (asked.onFail === 'placeholder' && thrown instanceof Fault && thrown.code !== 'internal')
      return standIn(c, target, { status: 200, retryAfterSeconds: null });
    throw thrown;
  }
}

/**
 * Reads a link and checks its signature before anything else is done for it, and whether it may show a private picture
 * before it is known whether there is one.
 * @throws Fault `forbidden` when it is not genuine, or private and over.
 */
async function openLink(c: Context<FrontEnv>, decode: LinkDecoder): Promise<GenuineLink> {
  const front = c.get('front');
  const url = new URL(c.req.url);
  const link = readLink(c.req.param('file') ?? '', url.search);
  const signedText = linkText(link);
  if (!(await front.linkSignatures.isSigned(link.keyId, signedText, link.signature))) throw refusedLink();
  const signer = await signerOf(c, link);
  const asked = linkedPicture(link);
  const shown = secondsShown(signer, { expiresAt: asked.expiresAt, now: front.ports.now() });
  const caller = callerOf(c, signer.holder, url.origin);
  const order = decode(wireOf(c, url, asked));
  const target = await linkTarget(front.ports, caller, { ...order, format: link.format });
  const terms = { expiresAt: asked.expiresAt, maximumMicros: asked.maximumMicros, signedText };
  const isKeyGood = signer.isUsable && signer.holder.key.scopes.includes('generate');
  return { link, asked, target, caller, terms, isKeyGood, secondsShown: shown };
}

async function signerOf(c: Context<FrontEnv>, { keyId }: PictureLink): Promise<LinkSigner> {
  const signer = await c.get('front').keyRing.signerOf(keyId);
  if (signer === null) throw new Fault('forbidden', 'The key that signed the link does not exist.');
  return signer;
}

/** The picture, where it is stored: whatever became of the link and its key since, if it is everybody's. */
async function storedAnswer(
  c: Context<FrontEnv>,
  { link, asked, target, secondsShown: shown }: GenuineLink,
): Promise<Served | null> {
  const rendition = renditionFor(link, asked, target.rendition);
  const served = await serveRendition(c, target.fingerprint, rendition).catch(ifMissing);
  if (served === null) return null;
  const { response } = served;
  response.headers.set('x-fluxgate-fingerprint', target.fingerprint);
  response.headers.set('x-fluxgate-seed', String(target.request.seed));
  if (shown === null) return served;
  response.headers.set('cache-control', `private, max-age=${shown}`);
  response.headers.delete('cache-tag');
  return served;
}

async function makeAnswer(c: Context<FrontEnv>, genuine: GenuineLink): Promise<Response> {
  const { asked, target, caller, terms } = genuine;
  const { ports } = c.get('front');
  checkMayBuy(genuine, ports.now());
  if (c.req.method === 'HEAD') {
    await checkLinked(ports, caller, { target, terms });
    return unmadeAnswer(c, target);
  }
  await withinLinkRate(c, caller.account.id);
  const isWaiting = asked.onMiss === 'wait';
  const task = await buyLinked(ports, caller, { target, terms, mode: isWaiting ? 'wait' : 'async' });
  if (!isWaiting)
    return asked.onMiss === 'placeholder'
      ? standIn(c, target, { status: 202, retryAfterSeconds: 5 })
      : pendingAnswer(c, task);
  const made = await storedAnswer(c, await stillShown(c, genuine));
  if (made !== null) return made.response;
  throw new Fault('unavailable', 'The picture was removed just now.', { retryAfterSeconds: 1 });
}

/**
 * The link after a wait, which may have been longer than its picture is to be seen.
 * @throws Fault `forbidden` where it was.
 */
async function stillShown(c: Context<FrontEnv>, genuine: GenuineLink): Promise<GenuineLink> {
  if (genuine.secondsShown === null) return genuine;
  const [signer, now] = [await signerOf(c, genuine.link), c.get('front').ports.now()];
  return { ...genuine, secondsShown: secondsShown(signer, { expiresAt: genuine.terms.expiresAt, now }) };
}

/** @throws Fault `forbidden` where the key may buy no more, or the link has ended. */
function checkMayBuy({ isKeyGood, terms: { expiresAt } }: GenuineLink, now: number): void {
  if (!isKeyGood)
    throw new Fault('forbidden', 'The key that signed the link may not buy any more, and its picture is not stored.');
  if (expiresAt === null || expiresAt * 1000 > now) return;
  const end = new Date(expiresAt * 1000).toISOString();
  throw new Fault(
    'forbidden',
    `The link ended at ${end}: its picture is not stored, and it may not be bought any more.`,
  );
}

/** Tells with a failure when a later look may go otherwise, where the failure itself does not: `Retry-After` is for browsers and crawlers here. */
function failTimely(c: Context<FrontEnv>, thrown: unknown): never {
  const { details, isRetryable } = toFault(thrown);
  const seconds = details.renewsAt === undefined ? restAfterFailureMs / 1000 : (details.renewsAt - Date.now()) / 1000;
  if (isRetryable || details.renewsAt !== undefined) c.header('retry-after', String(Math.max(1, Math.ceil(seconds))));
  throw thrown;
}

/** The size of the file that the link wants: from the ladder, as for everybody. */
function renditionFor({ format }: PictureLink, { query }: LinkedPicture, whole: Rendition): Rendition {
  const wanted = renditionOfQuery(format, query);
  if (!isOnLadder(wanted)) throw offLadderFault(wanted);
  return { ...wanted, crop: whole.crop };
}

function ifMissing(thrown: unknown): null {
  if (thrown instanceof Fault && thrown.code === 'not_found') return null;
  throw thrown;
}

function callerOf(c: Context<FrontEnv>, { account, key }: KeyHolder, origin: string): Caller {
  const preference = { provider: null, bringsKey: false, allowsNearest: false, providerKey: null };
  return {
    ...{ account, key, origin, dialect: 'link' },
    preference: { ...preference, idempotencyKey: null, isRetry: false },
    defer: (work) => c.executionCtx.waitUntil(work),
  };
}

function wireOf(c: Context<FrontEnv>, url: URL, { body }: LinkedPicture): WireRequest {
  return {
    ...{ method: 'POST', origin: url.origin, path: c.req.path, params: {}, query: new URLSearchParams() },
    headers: new Headers(),
    body: { kind: 'json', value: body },
  };
}
