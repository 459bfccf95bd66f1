import { Fault } from '../core/fault';
import { parse } from '../core/parse';
import { pictureQuerySchema, renditionOfQuery, repeatedName } from '../core/picture-query';
import { formatOfExtension, isCropOf, isOnLadder, type Rendition } from '../core/rendition';
import { type PictureFacts, publicNamespace } from '../storage/recipe';
import type { OwnPictures } from '../storage/reference-store';
import type { Caller, Ports } from './ports';

const picturePath = /^\/images\/([0-9a-f]{64})\.(png|jpg|jpeg|webp|avif)$/;

const ownPath = /^\/(images|temporary|uploads)\//;
const uploadPath = /^\/uploads\/([\w-]{16,80})\.[a-z]{3,4}$/;

/**
 * Reads a reference that is one of our own pictures from the store rather than through the front door: editing what
 * was made here works on any host, loopback included. The bytes are those that the URL answers, save that an AVIF is
 * read as PNG. Private pictures are for their own account, and for who has a URL of them that has not expired.
 */
export function ownPictures(ports: Ports, { origin, account }: Pick<Caller, 'origin' | 'account'>): OwnPictures {
  return async (url) => {
    if (url.origin !== origin) return null;
    return (await ownBytes(ports, account, url)) ?? (ownPath.test(url.pathname) ? 'missing' : null);
  };
}

async function ownBytes(ports: Ports, account: Caller['account'], url: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  const upload = uploadPath.exec(url.pathname);
  if (upload?.[1] !== undefined) return await ports.uploads.bytes(upload[1]);
  const lasting = await lastingUrl(ports, url);
  const named = lasting === null ? null : renditionAt(lasting);
  if (lasting === null || named === null) return null;
  const facts = await ports.pictures.facts(named.fingerprint);
  const isVisible = isTemporary(url) || [publicNamespace, account.namespace].includes(facts?.namespace ?? '');
  if (facts === null || !isVisible || !(await isServed(ports, { url: lasting, named, facts }))) return null;
  const { fingerprint, rendition } = named;
  const isAvif = rendition.format === 'avif';
  const opened = await ports.pictures.open(fingerprint, isAvif ? { ...rendition, ...losslessly } : rendition);
  return opened === null ? null : new Uint8Array(await new Response(opened.body).arrayBuffer());
}

/** A temporary URL stands for the lasting one; null when it has expired, or the front door would refuse it. */
async function lastingUrl(ports: Ports, url: URL): Promise<URL | null> {
  if (repeatedName(url.searchParams) !== null) return null;
  if (!isTemporary(url)) return url;
  const lasting = await ports.openTemporaryUrl(url.href);
  return lasting === null ? null : new URL(lasting);
}

const isTemporary = (url: URL) => url.pathname.startsWith('/temporary/');

interface Named {
  readonly fingerprint: string;
  readonly rendition: Rendition;
}

const losslessly = { format: 'png', quality: null } as const;

function renditionAt(url: URL): Named | null {
  const match = picturePath.exec(url.pathname);
  const format = formatOfExtension(match?.[2] ?? '');
  if (match?.[1] === undefined || format === null) return null;
  try {
    const query = parse(pictureQuerySchema, Object.fromEntries(url.searchParams));
    return { fingerprint: match[1], rendition: renditionOfQuery(format, query) };
  } catch (thrown) {
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

/** What the front door would refuse is not made by this one either. */
async function isServed(
  ports: Ports,
  { url, named, facts }: { url: URL; named: Named; facts: PictureFacts },
): Promise<boolean> {
  const { fingerprint, rendition } = named;
  if (rendition.crop !== null && !isCropOf(rendition.crop, facts)) return false;
  const lasting = { fingerprint, namespace: publicNamespace };
  return isOnLadder(rendition) || url.href === (await ports.pictureUrl(url.origin, lasting, rendition));
}
