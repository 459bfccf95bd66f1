import type { ListedOwnTask } from './account-gateway';

/** The place of the card that takes the stead of those that go: the next that stays, or the last; -1: none stays. */
export function besides(tasks: readonly ListedOwnTask[], gone: string): number {
  const first = tasks.findIndex(({ fingerprint }) => fingerprint === gone);
  const next = tasks.findIndex(({ fingerprint }, index) => index > first && fingerprint !== gone);
  return next >= 0 ? next : tasks.findLastIndex(({ fingerprint }) => fingerprint !== gone);
}

/** Puts the focus on a card, whoever works by keyboard goes on there; on the page's heading where there is none. */
export function focusBeside(list: HTMLElement | null, index: number): void {
  const beside = list?.children[index]?.querySelector<HTMLElement>('a, button');
  (beside ?? document.querySelector<HTMLElement>('.tool-head h2'))?.focus();
}
