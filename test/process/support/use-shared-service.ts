import { inject } from 'vitest';

/** A service that several test files use, one after the other. */
export interface SharedService {
  readonly url: string;
  /** Its development key. */
  readonly key: string;
}

/** Another file may have left accounts and pictures there: each has names and prompts of its own. */
export async function sharedService(): Promise<SharedService> {
  const response = await fetch(inject('sharedServiceAt'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}
