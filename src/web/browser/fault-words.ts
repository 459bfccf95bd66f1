import { FluxgateError } from '../../client/fluxgate-error';

/** What went wrong, for whoever sits at the bench: what it is, and what to do about it. */
export interface FaultWords {
  readonly title: string;
  readonly text: string;
  /** Whether it is about the key, which is then asked for. */
  readonly isAboutKey: boolean;
  /** What the key lacks, where it is a right one. */
  readonly keyLacks?: string;
  /** Whether trying the same again may help. */
  readonly isRetryable: boolean;
  /** Whether the service could not be reached: it goes on by itself once it can. */
  readonly isConnectionLost: boolean;
}

const lost = 'unreachable';
const goesOn = 'This goes on by itself once the service answers again.';

export function faultWords(thrown: unknown): FaultWords {
  if (!(thrown instanceof FluxgateError)) {
    const text = String(thrown);
    return {
      title: 'Something broke in this page',
      text,
      isAboutKey: false,
      isRetryable: true,
      isConnectionLost: false,
    };
  }
  const { title, advice = '', isAboutKey = false } = wordingOf(thrown);
  const text = advice === '' ? thrown.message : `${advice} ${thrown.message}`;
  const isConnectionLost = thrown.code === lost;
  const lacking = thrown.status === 403 ? { keyLacks: thrown.message } : {};
  return { title, text: text.trim(), isAboutKey, isRetryable: thrown.isRetryable, isConnectionLost, ...lacking };
}

/** The words for an order, which may have arrived although nobody could say so. */
export function orderFaultWords(thrown: unknown): FaultWords {
  const words = faultWords(thrown);
  if (!(thrown instanceof FluxgateError) || !words.isConnectionLost) return words;
  const text = `${goesOn} If the order arrived, the picture is made all the same, and you get that one. ${thrown.message}`;
  return { ...words, text };
}

/** The words for what is not to be done twice. */
export function onceFaultWords(thrown: unknown): FaultWords {
  const words = faultWords(thrown);
  if (!words.isConnectionLost) return words;
  const text =
    'It may have been done all the same, so it is not done again by itself: reload this page, and look before you press again.';
  return { ...words, text };
}

interface Wording {
  readonly title: string;
  readonly advice?: string;
  readonly isAboutKey?: boolean;
}

/** By status where an answer has one, since every API has words of its own for the same. */
function wordingOf(error: FluxgateError): Wording {
  const byStatus = statusWords[error.status];
  if (error.status === 429) return { title: 'Too fast', advice: `Try again ${patience(error)}.` };
  return (
    codeWords[error.code] ?? byStatus ?? { title: error.status >= 500 ? 'The service failed' : 'This was refused' }
  );
}

function patience({ retryAfterSeconds }: FluxgateError): string {
  return retryAfterSeconds === null ? 'in a moment' : `in ${retryAfterSeconds} s`;
}

const statusWords: Readonly<Record<number, Wording>> = {
  401: { title: 'The key is not accepted', isAboutKey: true },
  402: {
    title: 'The budget is used up',
    advice: 'Ask whoever runs this service for credit, or use another key.',
  },
  403: { title: 'This key may not do that', isAboutKey: true },
  413: { title: 'Too large' },
};

const codeWords: Readonly<Record<string, Wording>> = {
  unreachable: {
    title: 'The connection is lost',
    advice: goesOn,
  },
  provider_failed: { title: 'The vendor failed', advice: 'No picture came of it.' },
  outcome_unknown: {
    title: 'Nobody can tell whether it was bought',
    advice: 'The connection to the vendor broke at the wrong moment, so it is not bought again by itself.',
  },
  unavailable: { title: 'No vendor is available right now' },
  moderated_request: { title: 'The prompt was moderated', advice: 'Word it otherwise.' },
  moderated_output: { title: 'The picture was moderated', advice: 'The vendor made it and withholds it.' },
  no_provider: { title: 'No vendor here makes exactly this' },
  cancelled: { title: 'Cancelled' },
};
