import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { typeText } from '../../scripts/type-text';

const textOf = (schema: z.ZodType, side: 'reads' | 'tells' = 'tells') => typeText([{ name: 'Thing', schema, side }]);
const propertyOf = (schema: z.ZodType, side: 'reads' | 'tells' = 'tells') => {
  const [first = '', ...lines] = textOf(z.object({ a_field: schema }), side)
    .split('\n')
    .slice(1, -1);
  return [first, ...lines].map((line) => line.trim()).join('\n');
};

describe('the types of a schema', () => {
  it.each<[string, z.ZodType, string]>([
    ['words', z.enum(['png', 'jpeg']), "readonly aField: 'png' | 'jpeg';"],
    ['one more word', z.enum(['png', 'jpeg', 'bmp']), "readonly aField: 'png' | 'jpeg' | 'bmp';"],
    ['a constant', z.literal('task'), "readonly aField: 'task';"],
    ['what may be null', z.string().nullable(), 'readonly aField: string | null;'],
    ['what may be absent', z.boolean().exactOptional(), 'readonly aField?: boolean;'],
    ['a range', z.int().min(1).max(50), '/** 1 to 50. */\nreadonly aField: number;'],
    ['a description', z.number().describe('How many.'), '/** How many. */\nreadonly aField: number;'],
    ['a list', z.array(z.enum(['a', 'b'])), "readonly aField: readonly ('a' | 'b')[];"],
    ['an open object', z.record(z.string(), z.unknown()), 'readonly aField: { readonly [name: string]: unknown };'],
    ['an object', z.object({ one_more: z.int() }), 'readonly aField: {\nreadonly oneMore: number;\n};'],
  ])('have %s', (_, schema, expected) => {
    expect(propertyOf(schema)).toBe(expected);
  });

  it('may leave out what has a default, and say which', () => {
    const steps = z.int().min(1).max(50).default(50);
    expect(propertyOf(steps, 'reads')).toBe('/** 1 to 50. `50` where absent. */\nreadonly aField?: number;');
    expect(propertyOf(steps, 'tells')).toBe('/** 1 to 50. `50` where absent. */\nreadonly aField: number;');
  });

  it('name the schemas that have names', () => {
    const kind = z.enum(['a', 'b']);
    const named = [
      { name: 'Kind', schema: kind, side: 'tells' },
      { name: 'Thing', schema: z.object({ kind, kinds: z.array(kind) }), side: 'tells' },
    ] as const;
    expect(typeText(named)).toBe(
      "export type Kind = 'a' | 'b';\n\nexport interface Thing {\n  readonly kind: Kind;\n  readonly kinds: readonly Kind[];\n}",
    );
  });
});
