/** The key behind one of `schemes` in the Authorization header, such as "Bearer"; null if there is none. */
export function schemeCredential(headers: Headers, schemes: readonly string[]): string | null {
  const [scheme, ...rest] = (headers.get('authorization') ?? '').trim().split(/\s+/);
  const isKnown = schemes.some((known) => known.toLowerCase() === scheme?.toLowerCase());
  return isKnown && rest.length === 1 ? (rest[0] ?? null) : null;
}

/** The key in a header of its own; null if it is absent or empty. */
export function headerCredential(headers: Headers, name: string): string | null {
  const key = headers.get(name)?.trim() ?? '';
  return key === '' ? null : key;
}

/** The key in whatever header any of the dialects knows; null if there is none. */
export function anyCredential(headers: Headers): string | null {
  return (
    schemeCredential(headers, ['Bearer', 'Token', 'Key']) ??
    headerCredential(headers, 'x-key') ??
    headerCredential(headers, 'api-key')
  );
}
