import type { Signatures } from './signatures';

const rememberedKeys = 500;

/** Checks what link keys signed. Their secrets are derived from the deployment's own: no table is read for it. */
export class LinkSignatures {
  readonly #signatures: Signatures;
  readonly #keys = new Map<string, Promise<readonly CryptoKey[]>>();

  constructor(signatures: Signatures) {
    this.#signatures = signatures;
  }

  /** Whether `signature` is the key's HMAC-SHA-256 over `text`, in base64url; compared in constant time. */
  async isSigned(keyId: string, text: string, signature: string): Promise<boolean> {
    const given = decoded(signature);
    for (const key of await this.#keysOf(keyId)) {
      const expected = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
      if (given.length === expected.byteLength && crypto.subtle.timingSafeEqual(given, expected)) return true;
    }
    return false;
  }

  #keysOf(keyId: string): Promise<readonly CryptoKey[]> {
    const known = this.#keys.get(keyId);
    if (known !== undefined) return known;
    const key = this.#import(keyId);
    this.#keys.set(keyId, key);
    const oldest = this.#keys.keys().next();
    if (this.#keys.size > rememberedKeys && oldest.done !== true) this.#keys.delete(oldest.value);
    return key;
  }

  async #import(keyId: string): Promise<readonly CryptoKey[]> {
    const secrets = await this.#signatures.linkSecrets(keyId);
    const usage = { name: 'HMAC', hash: 'SHA-256' };
    const imported = secrets.map((secret) =>
      crypto.subtle.importKey('raw', new TextEncoder().encode(secret), usage, false, ['sign']),
    );
    return await Promise.all(imported);
  }
}

/** Strict: the bits that are left over in the last character must be zero, or a signature could be spelled in many ways. */
function decoded(signature: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]{43}$/.test(signature)) return new Uint8Array();
  try {
    return Uint8Array.fromBase64(`${signature}=`, { alphabet: 'base64url', lastChunkHandling: 'strict' });
  } catch {
    return new Uint8Array();
  }
}
