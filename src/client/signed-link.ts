import { snakeCased } from './letter-case';
import { base64Of, type PictureOptions, referenceFields } from './order';
import type { LinkFields } from './picture-fields';

/** Whose signature it is. */
export interface LinkSigner {
  readonly keyId: string;
  readonly secret: string;
  /** When the link ends; absent: never. */
  readonly expires?: Date;
  /** The most that a picture may cost which is not stored yet, in millionths of a dollar. */
  readonly maxMicros?: number;
  /** What the file is called, for people and search engines; made from the prompt where absent. */
  readonly slug?: string;
}

/** What a link can say: references as https URLs, and nothing that is secret. */
export interface LinkOptions
  extends Omit<
      PictureOptions,
      'references' | 'format' | 'provider' | 'providerKey' | 'webhookUrl' | 'webhookSecret' | 'fit'
    >,
    LinkFields {
  readonly references?: readonly (string | URL)[];
}

/**
 * A link to a picture that is made when it is first looked at: `/i/{slug}.{extension}?…&sig=…`.
 * @throws TypeError for a slug that is none, an invalid date, and what is not a number: such a link leads nowhere
 */
export async function signedLink(baseUrl: string, options: LinkOptions, signer: LinkSigner): Promise<string> {
  const { format = 'jpeg' } = options;
  const extension = format === 'jpeg' ? 'jpg' : format;
  const file = `${signer.slug ?? slugOf(options.prompt)}.${extension}`;
  if (!/^[^\W_][\w.~-]*$/.test(file)) throw new TypeError(`Bad ${file}`);
  const text = canonicalLink(file, parametersOf(options, signer));
  const [, , query] = text.split('\n');
  return `${baseUrl}/i/${file}?${query}&sig=${await signatureOf(text, signer.secret)}`;
}

/**
 * The text that is signed: a version, the file's name and the query without its signature, each on a line of its own.
 * The query is sorted by name and then by value, by code unit, and percent-encoded as RFC 3986 has it. Pairs are
 * compared as `name,value`, which is the same: no name has a mark as low as the comma.
 */
export function canonicalLink(file: string, parameters: readonly (readonly [string, string])[]): string {
  const query = [...parameters].sort().map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`);
  return `v1\n${file}\n${query.join('&')}`;
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** HMAC-SHA-256 in base64url without its padding, of which 32 bytes have one mark. */
async function signatureOf(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), usage, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(text));
  return base64Of(new Uint8Array(signature)).replace(/\+/g, '-').replace(/\//g, '_').slice(0, -1);
}

function parametersOf(options: LinkOptions, { keyId, expires, maxMicros }: LinkSigner): [string, string][] {
  const { references = [], format: _, prompt, onMiss, onFail, ...rest } = options;
  const given = snakeCased({
    ...rest,
    ...referenceFields(references.map(String)),
    prompt: typeof prompt === 'string' ? prompt : JSON.stringify(prompt),
    onmiss: onMiss,
    onfail: onFail,
    key: keyId,
    exp: expires && Math.floor(expires.getTime() / 1000),
    max: maxMicros,
  });
  return Object.entries(given).map(([name, value]) => {
    if (Number.isNaN(value)) throw new TypeError(`Bad ${name}`);
    return [name, String(value)];
  });
}

/** The first words of a prompt as they may stand in a path. */
function slugOf(prompt: LinkOptions['prompt']): string {
  const words = typeof prompt === 'string' ? prompt : '';
  const plain = words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
  return plain.replace(/^-|-$/g, '') || 'picture';
}
