import type { FaultWords } from './fault-words';

/** What went wrong, in its place on the page. */
export function FaultNote({ words, retry }: { readonly words: FaultWords; readonly retry: () => void }) {
  return (
    <div class="note fault-note" role="alert">
      <p>
        <strong>{words.title}.</strong> {words.text}
      </p>
      {words.isAboutKey ? null : (
        <button type="button" class="button plain small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
