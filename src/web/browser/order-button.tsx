import { useRef } from 'hono/jsx/dom';
import { Icon } from '../icons';

/** So long it hears nothing once it does another deed: what is pressed then was meant for the one before. */
const deafMs = 500;

export interface OrderButtonProps {
  readonly isUnderWay: boolean;
  /** What it says while nothing is under way. */
  readonly label: string;
  readonly isReady: boolean;
  readonly make: () => void;
  readonly cancel: () => void;
}

/**
 * Makes, and cancels what is being made: one element for both, which keeps the focus through all of it, and is therefore
 * never disabled, but says that it is.
 */
export function OrderButton({ isUnderWay, label, isReady, make, cancel }: OrderButtonProps) {
  const isDeaf = useDeafness(isUnderWay);
  const press = () => {
    if (isDeaf()) return;
    if (isUnderWay) cancel();
    else if (isReady) make();
  };
  const words = isUnderWay ? 'Cancel' : label;
  return (
    <button
      type="button"
      class={isUnderWay ? 'button plain' : 'button'}
      id={isUnderWay ? 'cancel' : 'make'}
      aria-disabled={isUnderWay || isReady ? 'false' : 'true'}
      onClick={press}
      onKeyDown={(event: KeyboardEvent) => {
        // A key that is held presses once.
        if (event.repeat && event.key === 'Enter') event.preventDefault();
      }}
    >
      <span key={words}>{words}</span>
      <Icon name={isUnderWay ? 'close' : 'arrow'} key={isUnderWay ? 'close' : 'arrow'} />
    </button>
  );
}

/** @returns whether the deed is another one since a moment ago */
function useDeafness(isUnderWay: boolean): () => boolean {
  const deed = useRef({ isUnderWay, since: Number.NEGATIVE_INFINITY });
  if (deed.current?.isUnderWay !== isUnderWay) deed.current = { isUnderWay, since: performance.now() };
  return () => performance.now() - (deed.current?.since ?? 0) < deafMs;
}
