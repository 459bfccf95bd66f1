import { sha256Hex } from '../core/fingerprint';
import type { KeyKind } from './api-key';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 of 62 letters are 256 bits. */
const letters = 43;
/** The multiple of 62 up to which a byte gives every letter the same chance. */
const fairBytes = 248;

/** A key that was just made: `key` is shown once, and only its digest is kept. */
export interface NewKey {
  readonly key: string;
  readonly sha256: string;
  /** How it begins and ends, to recognise it by. */
  readonly hint: string;
}

/** Draws a key of 256 random bits, in letters and digits alone so that a double click selects all of it. */
export async function newKey(kind: KeyKind): Promise<NewKey> {
  const secret = drawLetters();
  const prefix = `fg_${kind}_`;
  const key = prefix + secret;
  return { key, sha256: await digestOfKey(key), hint: hintOf(prefix, secret) };
}

/** How a key begins and ends. */
export function hintOf(prefix: string, secret: string): string {
  return `${prefix}${secret.slice(0, 4)}…${secret.slice(-4)}`;
}

/** What is kept of a key. Looking a key up by it takes no longer for a guess that is nearly right. */
export async function digestOfKey(key: string): Promise<string> {
  return await sha256Hex(Uint8Array.from(new TextEncoder().encode(key)));
}

function drawLetters(): string {
  let drawn = '';
  while (drawn.length < letters) {
    const fair = crypto.getRandomValues(new Uint8Array(letters)).filter((byte) => byte < fairBytes);
    drawn += Array.from(fair, (byte) => alphabet[byte % alphabet.length]).join('');
  }
  return drawn.slice(0, letters);
}
