/** Encrypts what must be kept but never shown: AES-256-GCM with a key derived from the deployment's secret. */
export class Vault {
  readonly #secret: string;
  #key: Promise<CryptoKey> | null = null;

  constructor(secret: string) {
    this.#secret = secret;
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
