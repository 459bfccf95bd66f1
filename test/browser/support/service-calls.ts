import { inject } from 'vitest';

/** Asks the service that the pages belong to, as whoever has the key. @returns the JSON that it answers */
export async function ask<Value>(
  path: string,
  { origin = inject('origin'), key = inject('key'), json, method = json === undefined ? 'GET' : 'POST' }: Asking = {},
): Promise<Value> {
  const response = await fetch(origin + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Value;
}
interface Asking {
  /** Where another service is asked than the one that all tests share. */
  readonly origin?: string;
  readonly key?: string;
  readonly json?: unknown;
  readonly method?: string;
}

/** An account of its own, and a key for it. */
export async function openAccount(settings: {
  readonly name: string;
  readonly isPrepaid?: boolean;
  readonly visibility?: 'public' | 'private';
  readonly scopes?: readonly string[];
  /** Where it is opened at another service than the one that all tests share. */
  readonly origin?: string;
}): Promise<{ id: string; key: string }> {
  const { name, isPrepaid = false, visibility = 'public', scopes, origin = inject('origin') } = settings;
  const limits = { prepaid: isPrepaid };
  const { id } = await ask<{ id: string }>('/v1/admin/accounts', { origin, json: { name, visibility, limits } });
  const { key } = await ask<{ key: string }>(`/v1/admin/accounts/${id}/keys`, { origin, json: { name, scopes } });
  return { id, key };
}

/** Makes a picture. @returns its fingerprint */
export async function makePicture(key: string, picture: Readonly<Record<string, unknown>>): Promise<string> {
  const json = { size: '512x512', seed: 1, ...picture };
  const quote = await ask<{ pictures: { fingerprint: string }[] }>('/v1/quote', { key, json });
  await ask('/v1/images/generations', { key, json });
  return quote.pictures[0]?.fingerprint ?? '';
}

/** For `prepare`: the key as it is once it was typed into the page. */
export function withKey(key: string) {
  return (page: { addInitScript(script: (key: string) => void, key: string): Promise<unknown> }) =>
    page.addInitScript((typed) => sessionStorage.setItem('fluxgate-key', typed), key);
}
