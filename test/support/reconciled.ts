import { call } from './front-door';

interface Page {
  readonly checked: number;
  readonly differences: readonly { readonly kind: string; readonly subject: string; readonly message: string }[];
  readonly next: string | null;
}

/** Everything that the deployment finds not to add up, over all pages of accounts and of pictures. */
export async function differencesFound(): Promise<{ checked: number; differences: Page['differences'] }> {
  const found = { checked: 0, differences: [] as Page['differences'][number][] };
  for (const part of ['accounts', 'pictures']) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const response = await call(`/v1/admin/reconcile/${part}${query}`);
      if (response.status !== 200) throw new Error(`Reconciling ${part} answered ${response.status}.`);
      const page = (await response.json()) as Page;
      found.checked += page.checked;
      found.differences.push(...page.differences);
      cursor = page.next;
    }
  }
  return found;
}
