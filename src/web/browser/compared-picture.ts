import { FluxgateError } from '../../client/fluxgate-error';
import { type AccountGateway, publicRecipe, recipeAt } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import type { StoredRecipe } from './gateway';

/** One of the two sides, by what was typed there. */
export type Side =
  | { readonly kind: 'empty' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'found'; readonly url: string; readonly stored: StoredRecipe | null }
  | { readonly kind: 'wrong'; readonly words: FaultWords };

const fingerprintPattern = /^[0-9a-f]{64}$/;

/** Finds a picture by its fingerprint or by a URL of this service. A private one is found with its account's key. */
export async function findPicture(text: string, gateway: AccountGateway | null): Promise<Side> {
  const typed = text.trim();
  if (typed === '') return { kind: 'empty' };
  const fingerprint = fingerprintIn(typed);
  if (fingerprint === null) return byUrl(typed);
  try {
    const stored = await storedPicture(fingerprint, gateway);
    return { kind: 'found', url: stored.urls.webp, stored };
  } catch (thrown) {
    const isMissing = thrown instanceof FluxgateError && thrown.status === 404;
    return isMissing ? wrong('Not found', missing(gateway)) : { kind: 'wrong', words: faultWords(thrown) };
  }
}

/** The fingerprint in a text or a picture's lasting URL. */
export function fingerprintIn(text: string): string | null {
  if (fingerprintPattern.test(text)) return text;
  if (!URL.canParse(text)) return null;
  const { origin, pathname } = new URL(text);
  return origin === location.origin ? (/^\/images\/([0-9a-f]{64})\.\w+$/.exec(pathname)?.[1] ?? null) : null;
}

/** Its recipe as everybody has it, or as the account that has a task of it. @throws FluxgateError */
async function storedPicture(fingerprint: string, gateway: AccountGateway | null): Promise<StoredRecipe> {
  try {
    return await recipeAt(publicRecipe(fingerprint));
  } catch (thrown) {
    if (gateway === null || !(thrown instanceof FluxgateError) || thrown.status !== 404) throw thrown;
    const { data } = await gateway.tasks({ fingerprint, status: 'ready', limit: 1 });
    const [own] = data;
    const url = own === undefined ? null : (await gateway.task(own.id)).urls.recipe;
    if (url === null) throw thrown;
    return await recipeAt(url);
  }
}

/** A URL that is no fingerprint's, such as a private picture's own: it can be looked at, and tells no recipe. */
function byUrl(text: string): Side {
  if (!URL.canParse(text))
    return wrong('No picture', 'A fingerprint has 64 digits 0-9a-f; a link begins with https://');
  const { origin, href } = new URL(text);
  if (origin !== location.origin)
    return wrong('Of another site', `Only pictures of ${location.host} are shown here: this page loads nothing else.`);
  return { kind: 'found', url: href, stored: null };
}

function missing(gateway: AccountGateway | null): string {
  const ask = gateway === null ? ' A private picture needs the key of its account.' : '';
  return `There is no such picture here.${ask}`;
}

function wrong(title: string, text: string): Side {
  return { kind: 'wrong', words: { title, text, isAboutKey: false, isRetryable: false, isConnectionLost: false } };
}
