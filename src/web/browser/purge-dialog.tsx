import { useRef, useState } from 'hono/jsx/dom';
import type { Purge } from '../../client/admin';
import { dollars } from '../money';
import { faultWords } from './fault-words';
import { promptOf } from './gallery-card';
import type { StoredRecipe } from './gateway';
import { useEffect } from './use-effect';

export interface PurgeDialogProps {
  readonly stored: StoredRecipe;
  readonly purge: (fingerprint: string) => Promise<Purge>;
  /** What it would cost again, about. */
  readonly squareMicros: number | null;
  readonly close: (isPurged: boolean) => void;
}

/** Says what goes before it goes. */
export function PurgeDialog({ stored, purge, squareMicros, close }: PurgeDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState({ isGoing: false, isGone: false, said: '' });
  useEffect(() => dialog.current?.showModal(), []);
  const purgeIt = async () => {
    setState({ isGoing: true, isGone: false, said: '' });
    try {
      const { edgeCache, edgeCacheMessage } = await purge(stored.fingerprint);
      if (edgeCache !== 'failed') {
        // What is behind it takes no focus while it is open.
        dialog.current?.close();
        close(true);
      } else setState({ isGoing: false, isGone: true, said: `It is deleted. ${edgeCacheMessage}` });
    } catch (thrown) {
      const { title, text } = faultWords(thrown);
      setState({ isGoing: false, isGone: false, said: `${title}. ${text}` });
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="purge-title" onClose={() => close(state.isGone)}>
      <h2 id="purge-title">Delete this picture for good?</h2>
      <PurgedPrompt stored={stored} />
      <PurgeConsequences squareMicros={squareMicros} />
      {state.said === '' ? null : (
        <p class="wrong" role="alert">
          {state.said}
        </p>
      )}
      <p class="actions">
        <button type="button" class="button" disabled={state.isGoing} onClick={() => void purgeIt()}>
          Delete for good
        </button>
        <button type="button" class="button plain" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
      </p>
    </dialog>
  );
}

function PurgedPrompt({ stored }: Pick<PurgeDialogProps, 'stored'>) {
  return (
    <p>
      “<bdi>{promptOf(stored).slice(0, 160)}</bdi>”
    </p>
  );
}

function PurgeConsequences({ squareMicros }: Pick<PurgeDialogProps, 'squareMicros'>) {
  const price =
    squareMicros === null ? 'its price' : `its price again, ${dollars(squareMicros)} for a square megapixel`;
  return (
    <ul class="bullets">
      <li>The picture goes, with every size and format that was made of it, and its recipe.</li>
      <li>Every page that shows it by its link shows nothing there any more, whichever account ordered it.</li>
      <li>It cannot be taken back. Ordered again, it costs {price}, and may come out otherwise.</li>
      <li>What was paid for it stays in the ledger.</li>
    </ul>
  );
}
