import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Fault } from '../../src/core/fault';
import { parse } from '../../src/core/parse';

const schema = z.strictObject({
  prompt: z.string('expected text.').trim(),
  steps: z.int('expected a whole number.').default(50),
  references: z.array(z.object({ url: z.string('expected a URL.') })).default([]),
});

function faultOf(value: unknown, by: z.ZodType = schema): Fault {
  try {
    parse(by, value);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
}

describe('parse', () => {
  it('gives what the schema makes of the value', () => {
    expect(parse(schema, { prompt: ' a boat ' })).toEqual({ prompt: 'a boat', steps: 50, references: [] });
  });

  it('names the field at fault and what is accepted', () => {
    const fault = faultOf({ prompt: 'a boat', steps: 'many' });
    expect(fault.code).toBe('invalid_request');
    expect(fault.field).toBe('steps');
    expect(fault.message).toBe('steps: expected a whole number.');
    expect(fault.details.issues).toEqual([{ path: ['steps'], message: 'expected a whole number.' }]);
  });

  it('names a field inside a list by its place', () => {
    const fault = faultOf({ prompt: 'a boat', references: [{ url: 'a' }, { url: 5 }] });
    expect(fault.details.issues).toEqual([{ path: ['references', 1, 'url'], message: 'expected a URL.' }]);
    expect(fault.field).toBe('references.1.url');
  });

  it('names a field that it does not know', () => {
    const fault = faultOf({ prompt: 'a boat', references: [], colour: 'red', style: 'woodcut' });
    expect(fault.field).toBe('colour');
    expect(fault.message).toMatch(/^colour: Unrecognized keys: "colour", "style"/);
  });

  it('has no field when the whole is of another kind', () => {
    const fault = faultOf('a boat', z.object({}, 'expected a JSON object.'));
    expect(fault.field).toBeNull();
    expect(fault.message).toBe('expected a JSON object.');
  });

  it('tells all that is wrong at once, and three of it in the message', () => {
    const four = z.object({ a: z.string('no a'), b: z.string('no b'), c: z.string('no c'), d: z.string('no d') });
    const fault = faultOf({}, four);
    expect(fault.message).toBe('a: no a; b: no b; c: no c');
    expect(fault.details.issues).toHaveLength(4);
  });

  it('lists at most eight issues, however many there are', () => {
    const fault = faultOf({ prompt: 'a boat', references: Array.from({ length: 500 }, () => ({})) });
    expect(fault.details.issues).toHaveLength(8);
  });

  it('does not grow with the names that a caller made up', () => {
    const fault = faultOf({ prompt: 'a boat', ['x'.repeat(100_000)]: 1 });
    expect(fault.message.length).toBeLessThan(400);
    const inKey = faultOf({ ['y'.repeat(100_000)]: 1 }, z.record(z.string(), z.string('expected text.')));
    expect(inKey.field).toBe('y'.repeat(64));
  });
});
