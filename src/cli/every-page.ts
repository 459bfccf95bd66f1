import type { Page } from '../client/page';

/** What all pages of a list hold. */
export async function everyPage<Item>(page: (cursor: string | null) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let cursor: string | null = null; ; ) {
    const { data, next } = await page(cursor);
    all.push(...data);
    if (next === null || next === undefined) return all;
    cursor = next;
  }
}
