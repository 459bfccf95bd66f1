/** What the pages show of a deployment: plain data that the app hands to them, so that nothing is written down twice. */
export interface SiteFacts {
  readonly origin: string;
  readonly isSandbox: boolean;
  readonly limits: ModelLimits;
  readonly providers: readonly ProviderFacts[];
  readonly examples: readonly PriceExample[];
  readonly parameters: readonly ParameterFacts[];
  readonly recipes: readonly RequestRecipe[];
  readonly sizes: readonly SizePreset[];
  /** What a picture costs that is stored already. */
  readonly hitMicros: number;
  /** Stored pictures that the operator shows. */
  readonly featured: readonly FeaturedPicture[];
  /** Null where the operator keeps them private. */
  readonly figures: UsageFigures | null;
}
export interface ModelLimits {
  readonly promptCharacters: number;
  readonly edgePixels: Range;
  readonly areaPixels: number;
  readonly steps: Range;
  readonly guidance: Range;
  readonly seed: Range;
  readonly safetyTolerance: Range;
  readonly references: number;
  readonly referenceBytes: number;
  readonly picturesPerOrder: number;
}
export interface SizePreset {
  readonly aspect: string;
  readonly megapixels: number;
  readonly width: number;
  readonly height: number;
}
export interface Range {
  readonly min: number;
  readonly max: number;
}
export interface ProviderFacts {
  readonly id: string;
  readonly title: string;
  readonly price: string;
  readonly delivers: string;
}
export interface PriceExample {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly references: number;
  readonly micros: number;
}
export interface ParameterFacts {
  readonly name: string;
  readonly accepts: string;
  readonly default: string;
  readonly description: string;
  /** What other dialects call it. */
  readonly alsoNamed: readonly string[];
}
export interface FeaturedPicture {
  readonly fingerprint: string;
  readonly width: number;
  readonly height: number;
  readonly prompt: string;
}
export interface UsageFigures {
  readonly bought: number;
  readonly reused: number;
  readonly savedMicros: number;
  /** By dialect, the most used first. */
  readonly ranking: readonly { readonly dialect: string; readonly pictures: number }[];
}

type Path = readonly string[];
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface JsonObject {
  readonly [key: string]: Json;
}
export type Accepts =
  | { readonly kind: 'any' }
  | { readonly kind: 'range'; readonly min: number; readonly max: number }
  | { readonly kind: 'choices'; readonly values: readonly (string | number)[] };
export interface RecipeField {
  readonly canonical: string;
  readonly path: Path;
  readonly accepts: Accepts;
}
export type SizeRule =
  | { readonly kind: 'text'; readonly path: Path }
  | { readonly kind: 'pixels'; readonly width: Path; readonly height: Path; readonly min: number; readonly max: number }
  | { readonly kind: 'choices'; readonly choices: readonly SizeOption[] };
export interface SizeOption {
  readonly width: number;
  readonly height: number;
  readonly set: readonly { readonly path: Path; readonly value: string }[];
}
export type AnswerRule =
  | { readonly kind: 'at once'; readonly picture: readonly (string | number)[] }
  | { readonly kind: 'polled'; readonly next: string; readonly picture: readonly (string | number)[] };
/** How to write any picture as a request of one dialect. */
export interface RequestRecipe {
  readonly dialect: string;
  readonly title: string;
  readonly documentation: string;
  readonly path: string;
  readonly key: { readonly header: string; readonly scheme: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly fixed: JsonObject;
  readonly fields: readonly RecipeField[];
  readonly size: SizeRule;
  readonly references: { readonly paths: readonly Path[]; readonly most: number; readonly isRequired: boolean } | null;
  readonly isConversation: boolean;
  readonly answer: AnswerRule;
}
