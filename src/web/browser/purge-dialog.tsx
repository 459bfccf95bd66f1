import { useRef, useState } from 'hono/jsx/dom';
import type { Purge } from '../../client/admin';
import { FluxgateError } from '../../client/fluxgate-error';
import { dollars } from '../money';
import { DeedFault } from './deed-fault';
import { promptOf } from './gallery-card';
import type { StoredRecipe } from './gateway';
import { SteadyButton } from './steady-button';
import { useDeed } from './use-deed';
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
  const { dialog, isOpen } = useModal();
  const deed = useDeed();
  /** What is left of it at the edge; empty where nothing is, or it is still there. */
  const [left, setLeft] = useState('');
  const purgeIt = async () => {
    const copies = await copiesLeft(purge(stored.fingerprint));
    if (copies !== '') return setLeft(copies);
    // What is behind it takes no focus while it is open.
    dialog.current?.close();
    close(true);
  };
  return (
    <dialog ref={dialog} aria-labelledby="purge-title" onClose={() => close(left !== '')}>
      <PurgeHead stored={stored} />
      <div class="purge-words">
        <PurgeConsequences squareMicros={squareMicros} />
        {left === '' ? null : (
          <p class="wrong" role="alert">
            It is deleted. {left}
          </p>
        )}
        <DeedFault deed={deed} />
      </div>
      <p class="actions">
        <SteadyButton
          deed={isOpen ? 'delete' : 'open'}
          class="button"
          isReady={!deed.isUnderWay}
          press={() => deed.surely(purgeIt)}
        >
          Delete for good
        </SteadyButton>
        <button type="button" class="button plain" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
      </p>
    </dialog>
  );
}

function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    setIsOpen(true);
  }, []);
  return { dialog, isOpen };
}

/** A picture that is not there was deleted by an earlier try, whose answer was lost, or by somebody else. */
async function copiesLeft(purging: Promise<Purge>): Promise<string> {
  try {
    const { edgeCache, edgeCacheMessage } = await purging;
    return edgeCache === 'failed' ? edgeCacheMessage : '';
  } catch (thrown) {
    if (thrown instanceof FluxgateError && thrown.status === 404) return '';
    throw thrown;
  }
}

function PurgeHead({ stored }: Pick<PurgeDialogProps, 'stored'>) {
  return (
    <>
      <h2 id="purge-title">Delete this picture for good?</h2>
      <p>
        “<bdi>{promptOf(stored).slice(0, 160)}</bdi>”
      </p>
    </>
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
