import type { ProviderSettings } from '../core/provider';

/**
 * Where a task is asked about: the URL that the vendor gave, if it is on the base URL's own origin, where our key may
 * go; else the one that its documentation names.
 */
export function taskUrl(given: string | null, { baseUrl }: ProviderSettings, documentedPath: string): string {
  const url = given === null ? null : URL.parse(given);
  const isOwn = url !== null && url.origin === new URL(baseUrl).origin && url.username === '' && url.password === '';
  return isOwn ? url.href : baseUrl + documentedPath;
}
