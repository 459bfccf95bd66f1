/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

export interface QuotedPicture {
  /** The SHA-256 of what was ordered: it names the picture. */
  readonly fingerprint: string;
  /** Whether it is there already: then its price is that of a hit. */
  readonly stored: boolean;
  readonly provider: string | null;
  /** Millionths of a dollar. */
  readonly priceMicros: number;
  /** What it costs to order it again once it is stored, in another format too. */
  readonly hitMicros: number;
  /** What would be otherwise than ordered. */
  readonly changes: readonly string[];
  /** The order with every default filled in. */
  readonly parameters: {
    readonly prompt: string | { readonly [name: string]: unknown };
    /** The SHA-256 of each. */
    readonly references: readonly string[];
    /** 64 to 4096. */
    readonly width: number;
    /** 64 to 4096. */
    readonly height: number;
    /** 1 to 50. */
    readonly steps: number;
    /** 1.5 to 10. */
    readonly guidance: number;
    /** 0 to 4294967295. */
    readonly seed: number;
    readonly promptUpsampling: boolean;
    /** 0 to 5. */
    readonly safetyTolerance: number;
  };
}

/** What `POST /v1/quote` answers: who would make the picture and at what price, if it is not stored already. */
export interface Quote {
  readonly object: 'quote';
  readonly dialect: string;
  /** Millionths of a dollar. */
  readonly totalMicros: number;
  readonly pictures: readonly QuotedPicture[];
}
