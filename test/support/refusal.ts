import { env } from 'cloudflare:workers';
import { expect } from 'vitest';

/** A route that takes orders, with how its dialect words a refusal. */
export interface OrderRoute {
  readonly path: string;
  /** The status for a body that is wrong. */
  readonly status: number;
  /** The name of the field at fault that a body of this dialect tells; null where it tells none. */
  readonly fieldOf: (body: unknown) => string | null;
  readonly fields: object;
}

interface BflBody {
  readonly detail: string | readonly { readonly loc: readonly (string | number)[]; readonly msg: string }[];
}
interface OpenaiBody {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null };
}

/** In BFL's shape: a sentence, or a list of places. */
function bflField(body: unknown): string | null {
  const { detail } = body as BflBody;
  if (typeof detail === 'string') return null;
  expect(detail[0]?.msg).toEqual(expect.any(String));
  return detail[0]?.loc.slice(1).join('.') ?? null;
}

function openaiField(body: unknown): string | null {
  const { error } = body as OpenaiBody;
  expect(error).toMatchObject({
    message: expect.any(String),
    type: expect.any(String),
    param: error.param,
    code: expect.anything(),
  });
  return error.param;
}

/** Every route of the core dialects that takes an order. */
export const orderRoutes: readonly OrderRoute[] = [
  { path: '/v1/flux-2-flex', status: 422, fieldOf: bflField, fields: { width: 64, height: 64 } },
  { path: '/v1/images/generations', status: 400, fieldOf: openaiField, fields: { size: '64x64' } },
  { path: '/v1/images/edits', status: 400, fieldOf: openaiField, fields: { size: '64x64' } },
];

/** Checks what every refusal must be, and gives the name of the field that it tells. */
export async function refusedField(
  route: OrderRoute,
  response: Response,
  status = route.status,
): Promise<string | null> {
  const text = await response.text();
  expect(response.status, text.slice(0, 300)).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expectNothingShown(text);
  return route.fieldOf(JSON.parse(text));
}

/** No stack, no path, no key, and not the caller's whole body back. */
export function expectNothingShown(text: string): void {
  expect(text.length).toBeLessThan(4_000);
  expect(text).not.toContain(env.DEV_API_KEY);
  expect(text).not.toMatch(/\.ts:\d|\\n\s+at |node_modules|[A-Z][a-z]+Error: /);
}
