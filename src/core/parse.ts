import type { z } from 'zod';
import { Fault, type FaultIssue } from './fault';

const shownIssues = 8;

/**
 * Reads a caller's value by a schema.
 * @throws Fault `invalid_request` with one issue for each field at fault; its message names the first of them.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, shownIssues).map(toIssue);
  throw new Fault('invalid_request', issues.map(sentenceOf).slice(0, 3).join('; '), { issues });
}

function toIssue(issue: z.core.$ZodIssue): FaultIssue {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown].map((part) => (typeof part === 'number' ? part : String(part).slice(0, 64)));
  return { path, message: issue.message.slice(0, 300) };
}

function sentenceOf(issue: FaultIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
