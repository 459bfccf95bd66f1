/** What a task's status means to us. */
export type TaskState = 'ready' | 'pending' | 'moderated-request' | 'moderated-output' | 'failed' | 'missing';

/** What a status means, however it is written; undefined where nobody has documented it. */
export function stateOfStatus(status: string): TaskState | undefined {
  return states.get(status.toLowerCase().replaceAll('_', ' ').trim());
}

/** Whether a value is the status of a task that moderation ended. */
export function isModeration(status: unknown): status is string {
  return typeof status === 'string' && (stateOfStatus(status) ?? '').startsWith('moderated');
}

/** Whether a status is written as BFL writes it, so that an error page of a proxy is not taken for a task's end. */
export function isOwnWord(status: string): boolean {
  return ownWords.has(status);
}

/** BFL's own, those that its clients have met, and those of the gateways that resell it. */
const states: ReadonlyMap<string, TaskState> = new Map([
  ['ready', 'ready'],
  ['success', 'ready'],
  ['pending', 'pending'],
  ['queued', 'pending'],
  ['reasoning', 'pending'],
  ['generating', 'pending'],
  ['request accepted', 'pending'],
  ['not start', 'pending'],
  ['submitted', 'pending'],
  ['in progress', 'pending'],
  ['request moderated', 'moderated-request'],
  ['content moderated', 'moderated-output'],
  ['error', 'failed'],
  ['failed', 'failed'],
  ['failure', 'failed'],
  ['task not found', 'missing'],
]);

/** https://docs.bfl.ai/api_integration/errors */
const ownWords: ReadonlySet<string> = new Set([
  'Pending',
  'Ready',
  'Request Moderated',
  'Content Moderated',
  'Error',
  'Failed',
  'Task not found',
]);
