import type { z } from 'zod';
import { Fault } from '../core/fault';
import { faultOf } from '../core/parse';

/** What our own routes do with what a schema refused: the same fault as everywhere. For `zValidator`. */
export function refuse(result: { success: true } | { success: false; error: z.core.$ZodError }): void {
  if (result.success) return;
  throw faultOf(result.error);
}

/** The last route of a path: answers all methods but those that it takes. */
export function refuseOtherMethods(...allow: readonly string[]): () => never {
  return () => {
    throw new Fault('method_not_allowed', `This path takes ${allow.join(', ')}.`, { allow });
  };
}
