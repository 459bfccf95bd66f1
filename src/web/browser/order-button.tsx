import { Icon } from '../icons';
import { SteadyButton } from './steady-button';

export interface OrderButtonProps {
  readonly isUnderWay: boolean;
  /** What it says while nothing is under way. */
  readonly label: string;
  readonly isReady: boolean;
  readonly make: () => void;
  readonly cancel: () => void;
}

/** Makes, and cancels what is being made: one element for both. */
export function OrderButton({ isUnderWay, label, isReady, make, cancel }: OrderButtonProps) {
  const deed = isUnderWay ? 'cancel' : 'make';
  const words = isUnderWay ? 'Cancel' : label;
  return (
    <SteadyButton
      deed={deed}
      class={isUnderWay ? 'button plain' : 'button'}
      id={deed}
      isReady={isUnderWay || isReady}
      press={isUnderWay ? cancel : make}
    >
      <span key={words}>{words}</span>
      <Icon name={isUnderWay ? 'close' : 'arrow'} key={isUnderWay ? 'close' : 'arrow'} />
    </SteadyButton>
  );
}
