const name = 'fluxgate-key';

/** The key of this tab: it is gone when the tab is, and stands in no URL. */
export function storedKey(): string | null {
  const key = sessionStorage.getItem(name);
  return key !== null && isKeyText(key) ? key : null;
}

export function storeKey(key: string): void {
  if (key === '') sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, key);
}

/** Whether a text could be a key: what else there is in it cannot be sent in a header. */
export function isKeyText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
