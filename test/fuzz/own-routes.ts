import { app } from '../../src/app';
import type { Json } from '../../src/core/json';
import { dialects } from '../../src/dialects/registry';
import { ownRoutesTold } from '../../src/http/own-api';

/** A route of our own: what stands in its path, which query it knows, what a good body has. */
export interface OwnRoute {
  readonly method: string;
  /** Hono's path syntax. */
  readonly path: string;
  readonly query: readonly string[];
  /** null: it takes none. */
  readonly body: Json;
}

const told = ownRoutesTold(dialects);
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`;
const ofDialects = new Set(dialects.flatMap(({ operations }) => operations.map(nameOf)));

const limits = { prepaid: true, day_micros: 5, month_micros: null, requests_per_minute: 60, renders_in_flight: 2 };
const page = { scopes: ['generate'], dialects: ['bfl'], origins: ['https://a.b'], limits: { total_micros: 5 } };

/** A good body for each route that takes one. */
export const goodBodies: Readonly<Record<string, Json>> = {
  'POST /v1/quote': { prompt: 'A fox', width: 64, height: 64 },
  'PUT /v1/provider-keys/:provider': { key: 'a-key-of-a-vendor' },
  'POST /v1/admin/accounts': { id: 'a', name: 'A', visibility: 'public', limits },
  'PATCH /v1/admin/accounts/:id': { name: 'A', visibility: 'private', limits },
  'POST /v1/admin/accounts/:id/keys': { name: 'k', kind: 'pub', ...page },
  'POST /v1/admin/accounts/:id/credits': { kind: 'top_up', micros: 5, fee_percent: 1, note: 'n' },
  'POST /v1/admin/keys/:id/rotate': { overlap_seconds: 5 },
  'POST /v1/admin/pictures/:fingerprint/rerender': {},
  'POST /v1/admin/restore/listing': {},
  'POST /v1/admin/restore/accounts': {},
  'POST /v1/admin/restore/missing': {},
};

/** What routes that are told of elsewhere are asked for. */
const otherQueries = ['w', 'h', 'fit', 'dpr', 'q', 'format', 'crop', 's', 'download', 'expires', 'signature', 'prompt'];

/** Every route that the service has and that is no dialect's: a new one is among them by being mounted. */
export const ownRoutes: readonly OwnRoute[] = Map.groupBy(
  app.routes.filter((route) => route.method !== 'ALL' && !route.path.endsWith('*') && !ofDialects.has(nameOf(route))),
  nameOf,
)
  .entries()
  .map(([name, [route]]): OwnRoute => {
    const { method, path } = route ?? { method: '', path: '' };
    const query = Object.keys(told.find((known) => nameOf(known) === name)?.query?.shape ?? {});
    return { method, path, query: query.length > 0 ? query : otherQueries, body: goodBodies[name] ?? null };
  })
  .toArray();

/** Those of the documentation that take a body, each by its name. */
export const bodiesTold = told
  .filter(({ body }) => body !== undefined)
  .map((route) => ({ ...route, name: nameOf(route) }));
export const namesTold = told.map(nameOf);
export const ownNames = ownRoutes.map(nameOf);
