import * as z from 'zod';
import type { FaultRecord } from '../core/fault';
import { isJsonObject } from '../core/json';
import type { Charge, Progress } from '../core/provider';
import { chargeOf, lenientNumber, lenientText } from './bfl-answer';
import { isOwnWord, stateOfStatus, type TaskState } from './bfl-status';
import { pollFault } from './purchase';
import { retryAfterSeconds, type VendorAnswer } from './vendor-call';

/** Which task was asked about, at whose API, and when. */
export interface PollContext {
  readonly ticket: { readonly id: string; readonly acceptedAt: number };
  readonly title: string;
  readonly now: number;
}

/**
 * What a poll says of a task. Its body counts before its HTTP status: a failed task may come with a 503.
 * @throws Fault when the answer says nothing of the task; it may be asked again.
 */
export function progressOf(answer: VendorAnswer, context: PollContext): Progress {
  const { ticket, title, now } = context;
  const task = readTask(answer.json);
  const state = stateOf(answer, task, ticket.id);
  if (state === 'no-answer') throw pollFault(title, answer, now);
  const charge = chargeOf(task.cost);
  const ageMs = now - ticket.acceptedAt;
  if (state === 'ready' && task.sample !== null) return { kind: 'ready', output: { url: task.sample }, charge };
  if (state === 'pending' || ageMs < (patienceMs[state] ?? 0)) return pendingOf(answer, task, now);
  return endOf(state, { title, charge, reasons: task.reasons });
}

/** How old a task may grow while its status makes no sense. */
const patienceMs: Partial<Record<TaskState | 'unknown', number>> = {
  /** A cluster may not know for a while what another accepted. */
  missing: 120_000,
  /** A status that nobody has documented may be one of work, but not for ever; and nor is a picture without a URL. */
  unknown: 600_000,
  ready: 600_000,
};

interface PolledTask {
  readonly id: string | null;
  readonly status: string | null;
  readonly cost: number | null;
  readonly progress: number | null;
  /** Of the moderation, as the end of a sentence. */
  readonly reasons: string;
  /** Where the picture is. */
  readonly sample: string | null;
}

const taskSchema = z.object({
  id: lenientText,
  status: lenientText,
  cost: lenientNumber,
  progress: z.unknown().optional().transform(fractionOf),
  details: z.unknown().optional().transform(moderationReasons),
});

/** Reads what BFL answers, or the envelope `{code, data}` that gateways put around it. */
function readTask(json: unknown): PolledTask {
  const root = isJsonObject(json) ? json : {};
  const body = typeof root.status !== 'string' && isJsonObject(root.data) ? root.data : root;
  const { details, ...task } = taskSchema.parse(body);
  return { ...task, reasons: details, sample: sampleIn(body) };
}

/** Outside a 2xx a status counts only if it is surely our task's; a proxy has its own. */
function stateOf(answer: VendorAnswer, task: PolledTask, ticketId: string): TaskState | 'unknown' | 'no-answer' {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const isOurs = task.id === null ? isOwnWord(task.status ?? '') : task.id === ticketId;
  if (task.status !== null && (isSuccess || isOurs)) {
    return stateOfStatus(task.status) ?? (isSuccess ? 'unknown' : 'no-answer');
  }
  return answer.status === 404 && isJsonObject(answer.json) ? 'missing' : 'no-answer';
}

function sampleIn(value: unknown, depth = 3): string | null {
  if (!isJsonObject(value) || depth === 0) return null;
  if (typeof value.sample === 'string' && value.sample !== '') return value.sample;
  return sampleIn(value.result, depth - 1) ?? sampleIn(value.data, depth - 1);
}

function pendingOf({ headers }: VendorAnswer, { progress }: PolledTask, now: number): Progress {
  const seconds = retryAfterSeconds(headers, now);
  return { kind: 'pending', progress, pollAfterMs: seconds === undefined ? null : seconds * 1000 };
}

/** 0.35, "0.35" or "35%", as 0 to 1. */
function fractionOf(progress: unknown): number | null {
  if (typeof progress !== 'number' && typeof progress !== 'string') return null;
  const words = String(progress).trim();
  const fraction = Number.parseFloat(words) / (words.endsWith('%') ? 100 : 1);
  return fraction >= 0 && fraction <= 1 ? fraction : null;
}

/** From `{"Moderation Reasons": ["…"]}`. */
function moderationReasons(details: unknown): string {
  const reasons = isJsonObject(details) ? details['Moderation Reasons'] : null;
  const words = Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [];
  return words.length === 0 ? '' : ` (${words.join(', ').slice(0, 200)})`;
}

interface End {
  readonly title: string;
  readonly charge: Charge;
  readonly reasons: string;
}

/** Free, unless the vendor says otherwise, is what ended before a picture was made. */
function endOf(state: Exclude<TaskState, 'pending'> | 'unknown', { title, charge, reasons }: End): Progress {
  const failed = (code: FaultRecord['code'], message: string, charged: Charge): Progress => ({
    kind: 'failed',
    fault: { code, message: `${title} ${message}` },
    charge: charged,
  });
  switch (state) {
    case 'moderated-request':
      return failed('moderated_request', `refused the request as against its content policy${reasons}.`, charge ?? 0);
    case 'moderated-output':
      return failed('moderated_output', `withheld the picture as against its content policy${reasons}.`, charge);
    case 'failed':
      return failed('provider_failed', 'accepted the request and failed to make the picture.', charge ?? 0);
    case 'missing':
      return failed('provider_failed', 'accepted the request and does not know of it any more.', charge);
    case 'unknown':
    case 'ready':
      return failed('provider_failed', 'accepted the request and did not say where the picture is.', charge);
  }
}
