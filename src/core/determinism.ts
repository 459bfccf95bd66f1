export const determinisms = ['pinned', 'rerendered', 'differs', 'unverified'] as const;
/**
 * What the stored bytes are. `pinned`: those of the first time. `rerendered`: the picture was lost and made again, with
 * the same digest. `differs`: made again, with another digest. `unverified`: nobody could tell, as the ledger did not
 * answer.
 */
export type Determinism = (typeof determinisms)[number];

/** @param first the digest of the first time; null where the picture is new, undefined where nobody can tell. */
export function determinismOf(first: string | null | undefined, sha256: string): Determinism {
  if (first === undefined) return 'unverified';
  if (first === null) return 'pinned';
  return first === sha256 ? 'rerendered' : 'differs';
}
