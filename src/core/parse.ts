import * as z from 'zod';
import { Fault, type FaultIssue } from './fault';
import { issueWords } from './issue-words';

const shownIssues = 8;

// For every schema of the service, since the routes of our own API read their queries with none of this at hand.
z.config({ customError: issueWords });

/**
 * Reads a caller's value by a schema.
 * @throws Fault `invalid_request` with one issue for each field at fault; its message names the first of them.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw faultOf(result.error);
}

/** What a schema refused, as a fault that says each thing once: a number may break two rules that have the same words. */
export function faultOf({ issues: found }: z.core.$ZodError): Fault {
  const bySentence = new Map(
    found
      .slice(0, 4 * shownIssues)
      .map(toIssue)
      .map((issue) => [sentenceOf(issue), issue]),
  );
  const issues = [...bySentence.values()].slice(0, shownIssues);
  return new Fault('invalid_request', [...bySentence.keys()].slice(0, 3).join('; '), { issues });
}

function toIssue(issue: z.core.$ZodIssue): FaultIssue {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown].map((part) => (typeof part === 'number' ? part : String(part).slice(0, 64)));
  return { path, message: issue.message.slice(0, 300) };
}

function sentenceOf(issue: FaultIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
