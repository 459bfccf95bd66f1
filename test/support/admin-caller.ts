import { env } from 'cloudflare:workers';
import { type Call, call } from './front-door';

/** A request to `/v1/admin/…` with the operator's token. */
export function admin(path: string, { key = env.ADMIN_TOKEN, ...options }: Call = {}): Promise<Response> {
  return call(`/v1/admin/${path}`, { key, ...options });
}

/** The same, for a test that goes on from a good answer. */
export async function administered<Body = Record<string, unknown>>(path: string, options: Call = {}): Promise<Body> {
  const response = await admin(path, options);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return await response.json<Body>();
}

/** Adds to what an account may spend, as an administrator does: orders after it find it there. */
export async function topUp(accountId: string, micros: number): Promise<void> {
  await administered(`accounts/${accountId}/credits`, { json: { kind: 'top_up', micros } });
}

export interface WireKey {
  readonly id: string;
  readonly account: string;
  readonly hint: string;
  readonly key?: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}
export interface Page<Row> {
  readonly object: 'list';
  readonly data: readonly Row[];
  readonly next: string | null;
}

/** An account, and a key for it, both made through the front door. */
export async function accountWithKey(id: string, settings: object = {}): Promise<WireKey & { readonly key: string }> {
  await administered('accounts', { json: { id, name: id } });
  const made = await administered<WireKey>(`accounts/${id}/keys`, { json: { name: 'first', ...settings } });
  if (made.key === undefined) throw new Error('The key was not shown.');
  return { ...made, key: made.key };
}

/** Every row of a list, page by page. */
export async function allPages<Row>(path: string, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: Page<Row> = await administered<Page<Row>>(`${path}?${query}`);
    rows.push(...page.data);
    cursor = page.next;
  }
  return rows;
}
