import type { z } from 'zod';
import { Fault } from '../core/fault';

/** What our own routes do with what a schema refused: the same fault as everywhere. For `zValidator`. */
export function refuse(result: { success: true } | { success: false; error: z.core.$ZodError }): void {
  if (result.success) return;
  const issues = result.error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }));
  const message = issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
  throw new Fault('invalid_request', message, { issues });
}

/** The last route of a path: answers all methods but those that it takes. */
export function refuseOtherMethods(...allow: readonly string[]): () => never {
  return () => {
    throw new Fault('method_not_allowed', `This path takes ${allow.join(', ')}.`, { allow });
  };
}
