import type { FaultRecord } from '../core/fault';
import type { Progress, ProviderContext, ProviderSettings, Ticket } from '../core/provider';
import { meaningOf } from './error-code';
import { type FeatureRecord, failure, oneminShape, recordIn, recordTicketSchema } from './onemin-answer';
import { pollFault } from './purchase';
import { withheldOutput } from './sold-picture';
import { callVendor, pollTimeoutMs, retryAfterSeconds } from './vendor-call';

const { title } = oneminShape;

/**
 * Asks for a record that the answer to the purchase left unfinished: `GET /api/results/{uuid}`. One that never ends is
 * ended by the render's deadline, and then counts as paid for.
 * @throws Fault when the answer says nothing of the record; it may be asked again.
 */
export async function checkRecord(
  ticket: Ticket,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Progress> {
  const { uuid } = recordTicketSchema.parse(ticket);
  const answer = await callVendor(context, settings, {
    method: 'GET',
    url: `${settings.baseUrl}/api/results/${encodeURIComponent(uuid)}`,
    headers: { 'api-key': settings.apiKey },
    timeoutMs: pollTimeoutMs,
  });
  const record = recordIn(answer.json);
  // A record that it does not know, perhaps not yet, is `{"aiRecord":null}` with a 200.
  if (record === null) throw pollFault(title, answer, context.now());
  if (record.url !== null) return { kind: 'ready', output: { url: record.url }, charge: null };
  if (record.status === failure) return endOf(record);
  const seconds = retryAfterSeconds(answer.headers, context.now());
  return { kind: 'pending', progress: null, pollAfterMs: seconds === undefined ? null : seconds * 1000 };
}

/** A failure costs nothing, as far as is known; a picture that was made and is kept back does. */
function endOf({ codes }: FeatureRecord): Progress {
  const meaning = meaningOf(codes);
  if (meaning === 'withheld') return { kind: 'ready', output: withheldOutput, charge: null };
  return { kind: 'failed', fault: meaning === 'moderated' ? moderatedFault : failedFault, charge: 0 };
}

const failedFault: FaultRecord = {
  code: 'provider_failed',
  message: `${title} accepted the request and did not make the picture.`,
};
const moderatedFault: FaultRecord = {
  code: 'moderated_request',
  message: `${title} refused the request as against its content policy.`,
};
