const words: Readonly<Record<string, string>> = {
  ready: 'ready',
  failed: 'the vendor failed',
  moderated: 'moderated',
  cancelled: 'cancelled',
  refused: 'every vendor refused',
  unknown: 'nobody can tell',
};

/** How an order ended, as people say it. */
export function outcomeWords(outcome: string): string {
  return words[outcome] ?? outcome.replaceAll('_', ' ');
}
