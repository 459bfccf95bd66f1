import type { SiteFacts } from './site-facts';

/** What a page that works by script is given: what it needs of the facts, and the key where that is this machine's own. */
export interface ToolData<Facts> {
  readonly facts: Facts;
  readonly developmentKey: string | null;
}

/** What pages that only show what is there need to know of a deployment. */
export interface ViewFacts {
  readonly isSandbox: boolean;
  readonly providers: readonly { readonly id: string; readonly title: string }[];
  readonly dialects: readonly { readonly id: string; readonly title: string }[];
  /** What a square megapixel costs; null where no vendor says. */
  readonly squareMicros: number | null;
}

export function viewFacts({ isSandbox, providers, recipes, examples }: SiteFacts): ViewFacts {
  const dialects = new Map(recipes.map(({ dialect, title }) => [dialect, title]));
  return {
    isSandbox,
    providers: providers.map(({ id, title }) => ({ id, title })),
    dialects: [...dialects].map(([id, title]) => ({ id, title })),
    squareMicros: examples.find(({ name }) => name === 'Square')?.micros ?? null,
  };
}
