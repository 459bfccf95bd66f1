/**
 * Encrypts what must be kept but never shown: AES-256-GCM with a key derived from the deployment's secret. While that is
 * changed, what was sealed with the previous one still opens.
 */
export class Vault {
  readonly #secret: string;
  readonly #previous: Vault | null;
  #key: Promise<CryptoKey> | null = null;

  constructor(secret: string, previous: string | null = null) {
    this.#secret = secret;
    this.#previous = previous === null ? null : new Vault(previous);
  }

  /** Seals a text for one purpose; it opens for no other. The result is URL-safe. */
  async seal(text: string, purpose: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(
      algorithm(iv, purpose),
      await this.#keyOnce(),
      new TextEncoder().encode(text),
    );
    const bytes = new Uint8Array([...iv, ...new Uint8Array(sealed)]);
    return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
  }

  /** @throws when it was not sealed here, or for another purpose. */
  async open(sealed: string, purpose: string): Promise<string> {
    try {
      return await this.#openWithOwn(sealed, purpose);
    } catch (thrown) {
      if (this.#previous === null) throw thrown;
      return await this.#previous.open(sealed, purpose);
    }
  }

  /** What was sealed with the previous secret, sealed anew; null where there is nothing to do, or nothing to be done. */
  async reseal(sealed: string, purpose: string): Promise<string | null> {
    const isOpenedBy = (vault: Vault) => vault.#openWithOwn(sealed, purpose).catch(() => null);
    if (this.#previous === null || (await isOpenedBy(this)) !== null) return null;
    const text = await isOpenedBy(this.#previous);
    return text === null ? null : await this.seal(text, purpose);
  }

  async #openWithOwn(sealed: string, purpose: string): Promise<string> {
    const bytes = Uint8Array.fromBase64(sealed, { alphabet: 'base64url' });
    const text = await crypto.subtle.decrypt(
      algorithm(bytes.slice(0, 12), purpose),
      await this.#keyOnce(),
      bytes.slice(12),
    );
    return new TextDecoder().decode(text);
  }

  #keyOnce(): Promise<CryptoKey> {
    this.#key ??= this.#derive();
    return this.#key;
  }

  async #derive(): Promise<CryptoKey> {
    const encoder = new TextEncoder();
    const root = await crypto.subtle.importKey('raw', encoder.encode(this.#secret), 'HKDF', false, ['deriveKey']);
    const derivation = {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: encoder.encode('fluxgate:vault'),
    };
    return await crypto.subtle.deriveKey(derivation, root, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
  }
}

function algorithm(iv: Uint8Array, purpose: string) {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(purpose) };
}
