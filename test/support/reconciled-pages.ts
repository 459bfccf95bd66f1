import { call } from './front-door';

/** Where the books and the objects, or the store, disagree. */
export interface Difference {
  readonly kind: string;
  readonly subject: string;
  readonly expected: unknown;
  readonly actual: unknown;
}
/** One page of what `/v1/admin/reconcile/…` answers. */
export interface ReconciledPage {
  readonly object: 'reconciliation';
  readonly checked: number;
  readonly differences: readonly Difference[];
  readonly next: string | null;
}

/** All pages, as one. */
export async function reconciled(what: 'accounts' | 'pictures') {
  let checked = 0;
  const differences: Difference[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: ReconciledPage = await (
      await call(`/v1/admin/reconcile/${what}${cursor === '' ? '' : `?cursor=${cursor}`}`)
    ).json<ReconciledPage>();
    checked += page.checked;
    differences.push(...page.differences);
    cursor = page.next;
  }
  return { checked, differences };
}

/** The differences of all pages. */
export const differencesOf = async (what: 'accounts' | 'pictures') => (await reconciled(what)).differences;

/** What is wrong with the subjects that begin so. */
export const kindsOf = (differences: readonly Difference[], subject: string) =>
  differences
    .filter((difference) => difference.subject.startsWith(subject))
    .map(({ kind }) => kind)
    .toSorted();
