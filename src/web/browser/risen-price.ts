import { dollars } from '../money';
import type { JsonObject } from '../site-facts';
import { doneSurely } from './done-surely';
import { type FaultWords, faultWords } from './fault-words';
import type { Gateway } from './gateway';
import type { Telling } from './make-surely';

/**
 * The price is asked for once more when it is pressed: what was stored when its price was shown may have been deleted
 * since. @returns why nothing is to be ordered; null where the price is what was shown, or less
 */
export async function risenPrice(
  gateway: Gateway,
  { body, shownMicros }: { readonly body: JsonObject; readonly shownMicros: number },
  { signal, onProgress, onLost }: Telling,
): Promise<FaultWords | null> {
  const ask = () => {
    onProgress(null);
    return gateway.quote(body, signal);
  };
  try {
    const { totalMicros } = await doneSurely(ask, { signal, onLost: (thrown) => onLost(faultWords(thrown)) });
    return totalMicros > shownMicros ? risenWords(totalMicros, shownMicros) : null;
  } catch (thrown) {
    return faultWords(thrown);
  }
}

const risenWords = (micros: number, shownMicros: number): FaultWords => ({
  title: `It costs ${dollars(micros)} by now`,
  text: `${dollars(shownMicros)} stood beside the button when you pressed, so nothing was ordered. Press again to make it at the new price.`,
  isAboutKey: false,
  isRetryable: false,
  isConnectionLost: false,
});
