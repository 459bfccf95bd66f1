import type { Context } from 'hono';
import type { Catalogue, Dialect } from '../core/dialect';
import { type ImageRequest, promptText } from '../core/image-request';
import type { Provider } from '../core/provider';
import { siteFacts } from '../discovery/site-facts';
import { isOnThisMachine } from '../web/on-this-machine';
import type { PageSource } from '../web/pages';
import type { FeaturedPicture, UsageFigures } from '../web/site-facts';

/** What the pages need of a service. */
export interface SiteParts {
  readonly config: {
    readonly DEV_API_KEY?: string | undefined;
    readonly FEATURED_PICTURES: readonly string[];
    readonly PUBLIC_FIGURES: 'on' | 'off';
    readonly HIT_PRICE_MICROS: number;
  };
  readonly market: { readonly providers: readonly Provider[] };
  readonly catalogue: Catalogue;
  readonly pictures: {
    recipe(fingerprint: string): Promise<{ readonly request: ImageRequest } | null>;
  };
  publicFigures(): Promise<UsageFigures>;
}

/** What the pages show, gathered from the service's own parts. */
export function siteSource<Bindings extends object, PageEnv extends { Bindings: Bindings }>(
  dialects: readonly Dialect[],
  partsOf: (c: Context<PageEnv>) => SiteParts,
): PageSource<PageEnv> {
  const known = new WeakMap<SiteParts['market'], ReturnType<typeof siteFacts>>();
  // What follows from the schemas and the providers is the same at every request.
  const standing = ({ market, catalogue }: SiteParts) => {
    const facts = known.get(market) ?? siteFacts({ dialects, providers: market.providers, catalogue });
    known.set(market, facts);
    return facts;
  };
  return {
    facts: async (c) => {
      const parts = partsOf(c);
      const { config, pictures, publicFigures } = parts;
      const [featured, figures] = await Promise.all([
        Promise.all(config.FEATURED_PICTURES.map((fingerprint) => featuredPicture(pictures, fingerprint))),
        config.PUBLIC_FIGURES === 'on' ? publicFigures() : null,
      ]);
      return {
        ...standing(parts),
        origin: new URL(c.req.url).origin,
        hitMicros: config.HIT_PRICE_MICROS,
        featured: featured.filter((picture) => picture !== null),
        figures,
      };
    },
    developmentKey: (c) => (isOnThisMachine(c.req.raw) ? (partsOf(c).config.DEV_API_KEY ?? null) : null),
  };
}

/** Null where there is no such picture (any more), or it is an account's own. */
async function featuredPicture(pictures: SiteParts['pictures'], fingerprint: string): Promise<FeaturedPicture | null> {
  const recipe = await pictures.recipe(fingerprint);
  if (recipe === null || recipe.request.namespace !== 'public') return null;
  const { width, height, prompt } = recipe.request;
  return { fingerprint, width, height, prompt: promptText(prompt).slice(0, 300) };
}
