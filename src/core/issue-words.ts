import type * as z from 'zod';

/**
 * What is accepted, where a schema has no words of its own for it: the library's tell a caller about its types. Undefined
 * where nothing better can be said.
 */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return isManyForOne(issue) ? 'expected one value, not a list.' : `expected ${kindOf(issue.expected)}.`;
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}.`;
    default:
      return undefined;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};
const kindOf = (expected: string) => kinds[expected] ?? expected;

/** Such as a parameter that is given twice. */
const isManyForOne = ({ input, expected }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>) =>
  Array.isArray(input) && kindOf(expected) !== kinds.object;

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };
const unitOf = (origin: string) => units[origin] ?? '';
