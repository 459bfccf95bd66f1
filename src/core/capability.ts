import type { Price } from './price';
import type { Size } from './size';

/** The values that a vendor takes for a number: a range, a few values, or one that cannot be set. */
export type Values =
  | { readonly kind: 'range'; readonly min: number; readonly max: number }
  | { readonly kind: 'choices'; readonly values: readonly number[] }
  | { readonly kind: 'fixed'; readonly value: number };

/** The sizes that a vendor makes: any within bounds, or those of named aspect ratios. */
export type Sizes =
  | { readonly kind: 'pixels'; readonly minEdge: number; readonly maxEdge: number; readonly maxArea: number }
  | {
      readonly kind: 'aspects';
      /** What each name gives, as far as the vendor says. */
      readonly sizes: readonly (Size & { readonly aspectRatio: string; readonly resolution: string | null })[];
      /** Whether the vendor may deliver a few pixels more or less. */
      readonly isApproximate: boolean;
    };

/** What a provider can make: data, so that a request can be weighed and the table in docs/ be made from it. */
export interface Capability {
  readonly steps: Values;
  readonly guidance: Values;
  readonly safetyTolerance: Values;
  readonly promptUpsampling: 'settable' | 'always' | 'never';
  readonly takesSeed: boolean;
  readonly sizes: Sizes;
  readonly references: number;
  readonly promptCharacters: number;
  readonly delivers: 'at once' | 'later';
  /** Tasks that the vendor lets one key have under way; null where it does not say. */
  readonly concurrency: number | null;
  readonly price: Price;
}
