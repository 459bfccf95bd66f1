const name = 'fluxgate-key';

/** The key of this tab: it is gone when the tab is, and stands in no URL. */
export function storedKey(): string | null {
  return sessionStorage.getItem(name);
}

export function storeKey(key: string): void {
  if (key === '') sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, key);
}
