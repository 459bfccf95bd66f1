import type { CreateOperation, Dialect } from '../../src/core/dialect';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json';
import { dialects } from '../../src/dialects/registry';
import { operationExample } from '../../src/discovery/examples';
import { call } from './front-door';

/** A route of the registry that can buy, in one of the ways in which it takes its body. */
export interface BuyingRoute {
  readonly name: string;
  readonly dialect: Dialect;
  readonly operation: CreateOperation;
  readonly path: string;
  readonly isForm: boolean;
}

/**
 * What to order: the smallest picture that the API makes. `isLarge`: more pixels than one megapixel, or other ones where
 * the API has one size.
 */
export interface RouteOrder {
  readonly key: string;
  readonly prompt: string;
  readonly isLarge?: boolean;
  readonly reference?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every way to buy that an API of the registry offers: a new dialect is among them by itself. */
export const buyingRoutes: readonly BuyingRoute[] = dialects.flatMap((dialect) =>
  dialect.operations.flatMap((operation) => {
    if (operation.kind !== 'create') return [];
    const path = operation.path
      .replace(':owner', 'black-forest-labs')
      .replace(/:name(\{[^}]*\})?/, 'flux-2-flex')
      .replace(/:\w+(\{[^}]*\})?/g, 'nothing');
    return operation.accepts.map((kind) => {
      return { name: `${dialect.id} ${kind} ${path}`, dialect, operation, path, isForm: kind === 'form' };
    });
  }),
);

/** Orders one picture by a route, as its own clients do. */
export async function orderBy(route: BuyingRoute, order: RouteOrder): Promise<Response> {
  const headers = { ...keyHeader(route.dialect, order.key), ...order.headers };
  if (!route.isForm) return await call(route.path, { key: null, headers, json: bodyOf(route, order) });
  const form = new FormData();
  for (const [name, value] of Object.entries(bodyOf(route, order))) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? '';
  const body = await encoded.arrayBuffer();
  return await call(route.path, { key: null, headers: { ...headers, 'content-type': contentType }, body });
}

/** What is sent to a route for an order. */
export function bodyOf(
  { dialect, operation }: BuyingRoute,
  { prompt, isLarge = false, reference }: Omit<RouteOrder, 'key'>,
): JsonObject {
  const own = JSON.parse(
    exampleText(operation).replaceAll('A poster that says \\"HELLO\\" in #ff6600', prompt),
  ) as JsonObject;
  const shape = shapes[dialect.id];
  if (shape === undefined) throw new Error(`How ${dialect.id} takes a size is not written in buying-routes.ts.`);
  return shape(own, { isLarge, reference: reference ?? null });
}

const exampleTexts = new Map<CreateOperation, string>();

/** The example as JSON, made once: a schema takes longer to write down than an order to be refused. */
function exampleText(operation: CreateOperation): string {
  const text = exampleTexts.get(operation) ?? JSON.stringify(operationExample(operation) ?? {});
  exampleTexts.set(operation, text);
  return text;
}

interface Wanted {
  readonly isLarge: boolean;
  readonly reference: string | null;
}
type Shape = (body: JsonObject, wanted: Wanted) => JsonObject;

const edges = (isLarge: boolean) => (isLarge ? { width: 1024, height: 1536 } : { width: 64, height: 64 });
const named = (name: string, value: Json | null): JsonObject => (value === null ? {} : { [name]: value });
const within = (body: JsonObject, name: string): JsonObject => {
  const inner = body[name];
  return isJsonObject(inner) ? inner : {};
};
const areas = ({ isLarge }: Wanted) => ({ aspect_ratio: '1:1', resolution: isLarge ? '2 MP' : '0.5 MP' });

const bfl: Shape = (body, { isLarge, reference }) => ({
  ...body,
  ...edges(isLarge),
  ...named('input_image', reference),
});

/** Where each API has its size and its references. */
const shapes: Readonly<Record<string, Shape>> = {
  bfl,
  cometapi: bfl,
  openai: (body, { isLarge, reference }) => ({
    ...body,
    size: isLarge ? '1024x1536' : '64x64',
    ...named('input_image', reference),
  }),
  hinow: (body, { isLarge, reference }) => ({ ...body, ...edges(isLarge), seed: 7, ...named('image', reference) }),
  oxen: (body, wanted) => ({ ...body, ...areas(wanted), ...named('input_image', wanted.reference) }),
  '1min': (body, { isLarge, reference }) => ({
    ...body,
    ...(reference === null ? {} : { type: 'IMAGE_EDITOR' }),
    promptObject: {
      ...within(body, 'promptObject'),
      aspect_ratio: isLarge ? '16:9' : '1:1',
      ...named('imageUrl', reference),
    },
  }),
  replicate: (body, wanted) => {
    const references = wanted.reference === null ? null : [wanted.reference];
    const small = { aspect_ratio: 'custom', width: 256, height: 256 };
    const size = wanted.isLarge ? areas(wanted) : small;
    const input = { ...within(body, 'input'), ...size, ...named('input_images', references) };
    return { ...body, input };
  },
  fal: (body, { isLarge, reference }) => ({
    ...body,
    image_size: edges(isLarge),
    ...named('image_urls', reference === null ? null : [reference]),
  }),
  chat: (body, { isLarge, reference }) => ({
    ...body,
    image_config: isLarge ? { aspect_ratio: '1:1', image_size: '2K' } : { size: '64x64' },
    ...(reference === null ? {} : { messages: [{ role: 'user', content: chatContent(body, reference) }] }),
  }),
};

function chatContent(body: JsonObject, reference: string): Json {
  const [first] = Array.isArray(body.messages) ? body.messages : [];
  const text = isJsonObject(first) ? (first.content ?? '') : '';
  return [
    { type: 'text', text },
    { type: 'image_url', image_url: { url: reference } },
  ];
}

/** A key where the API has it. */
export function keyHeader(dialect: Dialect, key: string): Record<string, string> {
  const tries = [
    { authorization: `Bearer ${key}` },
    { 'x-key': key },
    { authorization: `Key ${key}` },
    { 'api-key': key },
  ];
  return tries.find((headers) => dialect.credential(new Headers(headers)) === key) ?? {};
}
