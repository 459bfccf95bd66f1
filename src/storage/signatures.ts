/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const pkcs8Prefix = Uint8Array.fromHex('302e020100300506032b657004220420');

/**
 * Keys derived from the deployment's one secret, a different one for each purpose. While the secret is changed there are
 * two: what the previous one signed is still good, and nothing new is signed with it.
 */
export class Signatures {
  readonly #secret: string;
  readonly #previous: Signatures | null;
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  constructor(secret: string, previous: string | null = null) {
    this.#secret = secret;
    this.#previous = previous === null ? null : new Signatures(previous);
  }

  /** The key for signing task ids. */
  get taskKey(): Promise<CryptoKey> {
    return this.#keyFor('task');
  }

  /** The key that task ids were signed with before the secret changed; null where it did not. */
  get previousTaskKey(): Promise<CryptoKey> | null {
    return this.#previous?.taskKey ?? null;
  }

  /** An account's webhook secret in the form of Standard Webhooks: `whsec_` and 24 bytes of base64. */
  async webhookSecret(accountId: string): Promise<string> {
    const mac = await this.#mac('webhook', accountId);
    return `whsec_${mac.subarray(0, 24).toBase64()}`;
  }

  /** What an account's webhooks are signed with: while the secret is changed, with each of the two. */
  async webhookSecrets(accountId: string): Promise<readonly string[]> {
    const previous = (await this.#previous?.webhookSecrets(accountId)) ?? [];
    return [await this.webhookSecret(accountId), ...previous];
  }

  /** What a link key signs with: `fg_link_` and 32 bytes, always the same for an id, so that it is stored nowhere. */
  async linkSecret(keyId: string): Promise<string> {
    const mac = await this.#mac('link', keyId);
    return `fg_link_${mac.toBase64({ alphabet: 'base64url', omitPadding: true })}`;
  }

  /** What a link key may have signed with, the one for new links first. */
  async linkSecrets(keyId: string): Promise<readonly string[]> {
    const previous = (await this.#previous?.linkSecrets(keyId)) ?? [];
    return [await this.linkSecret(keyId), ...previous];
  }

  /** A short signature over a text, for URLs. 22 URL-safe characters. */
  async sign(purpose: string, text: string): Promise<string> {
    const mac = await this.#mac(purpose, text);
    return mac.subarray(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true });
  }

  /** What stands for a text that is kept nowhere itself. 16 hexadecimal digits. */
  async tag(purpose: string, text: string): Promise<string> {
    return (await this.#mac(purpose, text)).subarray(0, 8).toHex();
  }

  /** A number from 0 to 2^32−1 that a text always gives, and that nobody can foretell without the secret. */
  async number(purpose: string, text: string): Promise<number> {
    const mac = await this.#mac(purpose, text);
    return new DataView(mac.buffer, mac.byteOffset).getUint32(0);
  }

  /** Whether `signature` is the one for `text`, compared in constant time. */
  async isSigned(purpose: string, text: string, signature: string): Promise<boolean> {
    const expected = new TextEncoder().encode(await this.sign(purpose, text));
    const given = new TextEncoder().encode(signature);
    if (given.length === expected.length && crypto.subtle.timingSafeEqual(given, expected)) return true;
    return (await this.#previous?.isSigned(purpose, text, signature)) ?? false;
  }

  async #mac(purpose: string, text: string): Promise<Uint8Array> {
    const key = await this.#keyFor(purpose);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
  }

  /** The public halves of the keys that fal's webhooks are, or were, signed with, as JSON Web Keys. */
  async falPublicKeys(): Promise<readonly { readonly kty: string; readonly crv: string; readonly x: string }[]> {
    const { x } = await this.#falKey();
    return [{ kty: 'OKP', crv: 'Ed25519', x }, ...((await this.#previous?.falPublicKeys()) ?? [])];
  }

  /** The four headers by which fal's clients verify a webhook. `userId` is hashed: an account's name is its own. */
  async falHeaders(about: {
    readonly requestId: string;
    readonly userId: string;
    readonly body: string;
  }): Promise<Record<string, string>> {
    const { key } = await this.#falKey();
    const encoder = new TextEncoder();
    const userId = await this.sign('fal-user', about.userId);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(about.body))).toHex();
    const text = [about.requestId, userId, timestamp, digest].join('\n');
    const signature = await crypto.subtle.sign('Ed25519', key, encoder.encode(text));
    return {
      'x-fal-webhook-request-id': about.requestId,
      'x-fal-webhook-user-id': userId,
      'x-fal-webhook-timestamp': timestamp,
      'x-fal-webhook-signature': new Uint8Array(signature).toHex(),
    };
  }

  /** An Ed25519 key whose seed is derived from the secret, so that every isolate signs with the same one. */
  async #falKey(): Promise<{ readonly key: CryptoKey; readonly x: string }> {
    const seed = await this.#mac('fal-webhook', 'ed25519');
    const pkcs8 = new Uint8Array([...pkcs8Prefix, ...seed]);
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, true, ['sign']);
    const jwk = await crypto.subtle.exportKey('jwk', key);
    const x = jwk instanceof ArrayBuffer ? '' : (jwk.x ?? '');
    return { key, x };
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
