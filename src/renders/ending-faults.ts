import type { FaultRecord } from '../core/fault';

/** How renders are told of that ended without anybody having said why. */
export const cancelledFault: FaultRecord = { code: 'cancelled', message: 'The task was cancelled before it finished.' };
export const queueDeadlineFault: FaultRecord = {
  code: 'unavailable',
  message: 'No provider could take the request in time. Nothing was bought; the same request may be sent again.',
};
export const unfinishedFault: FaultRecord = {
  code: 'provider_failed',
  message: 'The provider accepted the request but did not finish in time. It may have charged for it.',
};
export const interruptedFault: FaultRecord = {
  code: 'outcome_unknown',
  message:
    'The service was interrupted while it was buying the picture, so it cannot tell whether the provider accepted. It was not bought again by itself; a new order of it, not a retry, buys anew.',
};
