import type { KeyTable } from '../storage/key-table';
import type { KeyHolder } from './api-key';
import { developmentHolder, isLoopback } from './development-key';
import { digestOfKey } from './new-key';
import { RecentMemory } from './recent-memory';
import { holderOfRow } from './stored-key';

const rememberedKeys = 2_000;
const freshForMs = 30_000;
const longestKey = 512;
/** How long a request waits for another one's look-up, which may have been cut off with its client. */
const patienceMs = 1_000;

export interface KeyRingParts {
  readonly keys: Pick<KeyTable, 'holder' | 'holderOfId'>;
  /** Secrets that are set rather than stored; null: there is none. */
  readonly developmentKey: string | null;
  readonly adminToken: string | null;
  readonly now: () => number;
}

/** Whose key signed a link, and whether it may still buy, or show what is private. */
export interface LinkSigner {
  readonly holder: KeyHolder;
  readonly isUsable: boolean;
}

/**
 * Knows who holds a key, by its SHA-256 alone. Answers are remembered in this isolate, bounded in number and age, so
 * that a request reads no table and a revoked key stops within half a minute. Keys that do not exist are remembered
 * apart from those that do: no flood of guesses pushes a good key out.
 */
export class KeyRing {
  readonly #parts: KeyRingParts;
  readonly #holders = new RecentMemory<KeyHolder>(rememberedKeys, freshForMs);
  readonly #strangers = new RecentMemory<null>(rememberedKeys, freshForMs);
  readonly #signers = new RecentMemory<LinkSigner | null>(rememberedKeys, freshForMs);
  readonly #lookUps = new Map<string, Promise<KeyHolder | null>>();
  readonly #developmentKey: Uint8Array | null;
  readonly #adminToken: Uint8Array | null;
  #changes = 0;

  constructor(parts: KeyRingParts) {
    this.#parts = parts;
    this.#developmentKey = bytesOf(parts.developmentKey);
    this.#adminToken = bytesOf(parts.adminToken);
  }

  /** Who holds a key, or null. `origin` is where the request came in: the development key works on loopback alone. */
  async holderOf(key: string, origin: string): Promise<KeyHolder | null> {
    if (key.length > longestKey) return null;
    if (isLoopback(origin) && isSame(key, this.#developmentKey)) return developmentHolder;
    const holder = await this.#holderOf(await digestOfKey(key));
    // What is remembered may have expired since.
    const expiresAt = holder?.key.expiresAt ?? null;
    return expiresAt !== null && expiresAt <= this.#parts.now() ? null : holder;
  }

  /** Who holds the link key with this id, though it be expired or revoked; null: there is none. */
  async signerOf(id: string): Promise<LinkSigner | null> {
    const now = this.#parts.now();
    const known = this.#signers.recall(id, now) ?? (await this.#lookUpSigner(id, now));
    if (known === null) return null;
    const { expiresAt } = known.holder.key;
    return { holder: known.holder, isUsable: known.isUsable && (expiresAt === null || expiresAt > now) };
  }

  /** Whether this is the operator's own token, which is no account's. */
  isAdminToken(token: string): boolean {
    return isSame(token, this.#adminToken);
  }

  /** Looks everything up anew: a key or an account was changed here. */
  forget(): void {
    this.#changes += 1;
    this.#holders.clear();
    this.#strangers.clear();
    this.#signers.clear();
    this.#lookUps.clear();
  }

  async #lookUpSigner(id: string, now: number): Promise<LinkSigner | null> {
    const changes = this.#changes;
    const row = await this.#parts.keys.holderOfId(id);
    const signer = row?.kind === 'link' ? { holder: holderOfRow(row), isUsable: row.revokedAt === null } : null;
    if (changes === this.#changes) this.#signers.remember(id, signer, now);
    return signer;
  }

  async #holderOf(digest: string): Promise<KeyHolder | null> {
    const now = this.#parts.now();
    const known = this.#holders.recall(digest, now) ?? this.#strangers.recall(digest, now);
    if (known !== undefined) return known;
    const underWay = this.#lookUps.get(digest);
    if (underWay !== undefined) return await this.#share(underWay, digest);
    const lookUp = this.#lookUp(digest);
    this.#lookUps.set(digest, lookUp);
    try {
      return await lookUp;
    } finally {
      if (this.#lookUps.get(digest) === lookUp) this.#lookUps.delete(digest);
    }
  }

  async #share(underWay: Promise<KeyHolder | null>, digest: string): Promise<KeyHolder | null> {
    const patience = new AbortController();
    const itself = async () => {
      await scheduler.wait(patienceMs, { signal: patience.signal });
      return await this.#lookUp(digest);
    };
    try {
      return await Promise.race([underWay, itself()]);
    } finally {
      patience.abort();
    }
  }

  async #lookUp(digest: string): Promise<KeyHolder | null> {
    const [changes, now] = [this.#changes, this.#parts.now()];
    const row = await this.#parts.keys.holder(digest);
    const isGood = row !== null && row.revokedAt === null && row.kind !== 'link';
    const holder = isGood ? holderOfRow(row) : null;
    // What was read before a change must not outlive it.
    if (changes !== this.#changes) return holder;
    if (holder === null) this.#strangers.remember(digest, null, now);
    else this.#holders.remember(digest, holder, now);
    return holder;
  }
}

const encoder = new TextEncoder();
const bytesOf = (secret: string | null) => (secret === null ? null : encoder.encode(secret));

function isSame(given: string, secret: Uint8Array | null): boolean {
  if (secret === null) return false;
  const bytes = encoder.encode(given);
  return bytes.length === secret.length && crypto.subtle.timingSafeEqual(bytes, secret);
}
