/** HMAC keys derived from the deployment's one secret, a different one for each purpose. */
export class Signatures {
  readonly #secret: string;
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The key for signing task ids. */
  get taskKey(): Promise<CryptoKey> {
    return this.#keyFor('task');
  }

  /** An account's webhook secret in the form of Standard Webhooks: `whsec_` and 24 bytes of base64. */
  async webhookSecret(accountId: string): Promise<string> {
    const mac = await this.#mac('webhook', accountId);
    return `whsec_${mac.subarray(0, 24).toBase64()}`;
  }

  /** A short signature over a text, for URLs. 22 URL-safe characters. */
  async sign(purpose: string, text: string): Promise<string> {
    const mac = await this.#mac(purpose, text);
    return mac.subarray(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true });
  }

  /** Whether `signature` is the one for `text`, compared in constant time. */
  async isSigned(purpose: string, text: string, signature: string): Promise<boolean> {
    const expected = new TextEncoder().encode(await this.sign(purpose, text));
    const given = new TextEncoder().encode(signature);
    return given.length === expected.length && crypto.subtle.timingSafeEqual(given, expected);
  }

  async #mac(purpose: string, text: string): Promise<Uint8Array> {
    const key = await this.#keyFor(purpose);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
  }

  #keyFor(purpose: string): Promise<CryptoKey> {
    const known = this.#keys.get(purpose);
    if (known !== undefined) return known;
    const key = this.#derive(purpose);
    this.#keys.set(purpose, key);
    return key;
  }

  async #derive(purpose: string): Promise<CryptoKey> {
    const usage = { name: 'HMAC', hash: 'SHA-256' };
    const root = await crypto.subtle.importKey('raw', new TextEncoder().encode(this.#secret), usage, false, ['sign']);
    const derived = await crypto.subtle.sign('HMAC', root, new TextEncoder().encode(`fluxgate:${purpose}`));
    return await crypto.subtle.importKey('raw', derived, usage, false, ['sign']);
  }
}
