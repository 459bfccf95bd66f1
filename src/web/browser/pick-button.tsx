import { Icon } from '../icons';
import type { Picks } from './use-picks';

/** Takes a picture up for comparing; `of` says which, for those who do not see it. */
export function PickButton({
  picks,
  fingerprint,
  of,
}: {
  readonly picks: Picks;
  readonly fingerprint: string;
  readonly of: string;
}) {
  const isPicked = picks.picked.includes(fingerprint);
  return (
    <button
      type="button"
      class="quiet icon-only"
      title="Pick to compare"
      aria-label={`Pick to compare: ${of}`}
      aria-pressed={isPicked ? 'true' : 'false'}
      onClick={() => picks.toggle(fingerprint)}
    >
      <Icon name={isPicked ? 'check' : 'compare'} />
    </button>
  );
}

/** What to do with what was picked. It holds its place while nothing is. */
export function PickBar({ picks: { picked } }: { readonly picks: Picks }) {
  const [a, b] = picked;
  return (
    <p class="pick-bar" role="status">
      {a === undefined ? (
        <span class="hint">
          Pick two with <Icon name="compare" /> to compare them.
        </span>
      ) : b === undefined ? (
        <span>One picked. Pick another to compare it with.</span>
      ) : (
        <a class="button small" href={`/compare#a=${a}&b=${b}`}>
          Compare the two
          <Icon name="arrow" />
        </a>
      )}
    </p>
  );
}
