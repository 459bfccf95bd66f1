import type { Child } from 'hono/jsx';
import { useDeafness } from './use-deafness';

export interface SteadyButtonProps {
  /** What a press does. Once that is something else, no press is heard for a moment. */
  readonly deed: string;
  readonly isReady: boolean;
  readonly press: () => void;
  readonly class: string;
  readonly id?: string;
  readonly title?: string;
  readonly children?: Child;
}

/**
 * A button for what cannot be taken back: a double click is one press, and so is a key that is held. It keeps the focus
 * through all that it does, and is therefore never disabled, but says that it is.
 */
export function SteadyButton({ deed, isReady, press, children, ...attributes }: SteadyButtonProps) {
  const isDeaf = useDeafness(deed);
  return (
    <button
      type="button"
      {...attributes}
      aria-disabled={isReady ? 'false' : 'true'}
      onClick={() => {
        if (isReady && !isDeaf()) press();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.repeat && event.key === 'Enter') event.preventDefault();
      }}
    >
      {children as never}
    </button>
  );
}
