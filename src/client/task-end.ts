import type { TaskState } from './task-state';

export function isEnded({ status }: Pick<TaskState, 'status'>): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}
