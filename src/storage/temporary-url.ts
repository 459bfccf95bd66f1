import type { Signatures } from './signatures';

/** How long they live of public pictures: as long as the vendors' own signed URLs of S3, and as S3 allows. */
export const temporaryUrlSeconds = 7 * 86_400;

/**
 * The URL of a picture or recipe that stops working after a while. The signature is over the path, its rendition and
 * the time. One that is temporary already stays as it is: its end was decided by who may see it.
 */
export async function sealTemporaryUrl(
  signatures: Signatures,
  pictureUrl: string,
  { now, seconds }: { readonly now: number; readonly seconds: number },
): Promise<string> {
  const url = new URL(pictureUrl);
  if (url.pathname.startsWith('/temporary/')) return pictureUrl;
  url.pathname = url.pathname.replace(/^\/images\//, '/temporary/');
  url.searchParams.set('expires', String(Math.floor(now / 1000) + seconds));
  url.searchParams.set('signature', await signatures.sign('temporary', signedText(url)));
  return url.href;
}

/** The picture's own URL behind a temporary one; null when that has expired or is not one of ours. */
export async function openTemporaryUrl(
  signatures: Signatures,
  temporaryUrl: string,
  now: number,
): Promise<string | null> {
  const url = new URL(temporaryUrl);
  const signature = url.searchParams.get('signature') ?? '';
  url.searchParams.delete('signature');
  if (!(await signatures.isSigned('temporary', signedText(url), signature))) return null;
  if (Number(url.searchParams.get('expires')) * 1000 <= now) return null;
  url.searchParams.delete('expires');
  url.pathname = url.pathname.replace(/^\/temporary\//, '/images/');
  return url.href;
}

const signedText = (url: URL) => `${url.pathname}?${url.searchParams}`;
