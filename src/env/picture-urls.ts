import { extensions, isOnLadder, type Rendition, renditionQuery, signedText } from '../core/rendition';
import type { NamedPicture, Ports } from '../pipeline/ports';
import { publicNamespace } from '../storage/recipe';
import type { Signatures } from '../storage/signatures';
import { openTemporaryUrl, sealTemporaryUrl, temporaryUrlSeconds } from '../storage/temporary-url';

type PictureUrls = Pick<Ports, 'pictureUrl' | 'recipeUrl' | 'temporaryUrl' | 'openTemporaryUrl'>;

/** The URLs that are handed out: lasting ones of public pictures, ones that end after `privateSeconds` of private ones. */
export function pictureUrls(signatures: Signatures, privateSeconds: number): PictureUrls {
  const seal = (url: string, seconds: number) => sealTemporaryUrl(signatures, url, { now: Date.now(), seconds });
  const forNamespace = async ({ namespace }: NamedPicture, url: string) =>
    namespace === publicNamespace ? url : await seal(url, privateSeconds);
  return {
    pictureUrl: async (origin, picture, rendition) =>
      await forNamespace(picture, origin + (await renditionPath(signatures, picture.fingerprint, rendition))),
    recipeUrl: (origin, picture) => forNamespace(picture, `${origin}/images/${picture.fingerprint}.json`),
    temporaryUrl: (url) => seal(url, temporaryUrlSeconds),
    openTemporaryUrl: (url) => openTemporaryUrl(signatures, url, Date.now()),
  };
}

async function renditionPath(signatures: Signatures, fingerprint: string, rendition: Rendition): Promise<string> {
  const query = renditionQuery(rendition);
  const path = `/images/${fingerprint}.${extensions[rendition.format]}`;
  if (!isOnLadder(rendition)) query.set('s', await signatures.sign('rendition', signedText(fingerprint, rendition)));
  return query.size === 0 ? path : `${path}?${query}`;
}
