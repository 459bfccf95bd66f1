import { type Call, call } from './front-door';

export interface WireTask {
  readonly object: 'task';
  readonly id: string;
  readonly status: 'queued' | 'rendering' | 'ready' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly fingerprint: string;
  readonly source: 'hit' | 'joined' | 'bought';
  readonly picture: { readonly url: string; readonly width: number; readonly height: number } | null;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
  readonly urls: { readonly self: string; readonly events: string; readonly recipe: string | null };
}

/** A task as it stands. */
export async function taskOf(id: string, options: Call = {}): Promise<WireTask> {
  const response = await call(`/v1/tasks/${id}`, options);
  if (response.status !== 200) throw new Error(`The task answered ${response.status}.`);
  return await response.json<WireTask>();
}

/** A task once it has the status, or any that ends it. */
export async function taskAt(id: string, status: WireTask['status'] = 'ready', options: Call = {}): Promise<WireTask> {
  for (let tries = 0; tries < 400; tries += 1) {
    const task = await taskOf(id, options);
    if (task.status === status || ['ready', 'failed', 'cancelled'].includes(task.status)) return task;
    await scheduler.wait(20);
  }
  throw new Error(`The task never was ${status}.`);
}

/** Cancels, and gives the task as it stands then. */
export async function cancelled(id: string, options: Call = {}): Promise<WireTask> {
  const response = await call(`/v1/tasks/${id}`, { ...options, method: 'DELETE' });
  if (response.status !== 200) throw new Error(`Cancelling answered ${response.status}.`);
  return await response.json<WireTask>();
}
