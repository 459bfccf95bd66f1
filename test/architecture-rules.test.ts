import { describe, expect, it } from 'vitest';
import { impureFiles, longFunctions, type Sources, unregistered } from './architecture-rules';
import { codeOf, functionsIn } from './support/source-text';

const filler = (lines: number) => '  work();\n'.repeat(lines);

describe('the length of a function', () => {
  it('may be 40 lines, its first and last included', () => {
    expect(longFunctions({ 'src/core/a.ts': `function f() {\n${filler(38)}}\n` })).toEqual([]);
    expect(longFunctions({ 'src/core/a.ts': `function f() {\n${filler(39)}}\n` })).toEqual([
      'src/core/a.ts:1: 41 lines',
    ]);
  });

  it.each([
    'async function f(a: string): Promise<void> {\nBODY}',
    'function f(a: string, b = (1 + 2)): { x: number } {\nBODY}',
    'function f(): Promise<{ a: string }> {\nBODY}',
    'function f(): Map<string, { a: string }> | null {\nBODY}',
    'function f(): () => void {\nBODY}',
    'function f(value: unknown): value is { a: string } {\nBODY}',
    'const f = () => {\nBODY};',
    'const f = async (a: string): Promise<string[]> => {\nBODY};',
    'const f = (a) =>\n  [\nBODY];',
    'const page = () => (\n  <main>\nBODY</main>\n);',
    'class A {\n  method(a: string) {\nBODY}\n}',
    'class A {\n  get name(): string {\nBODY}\n}',
    'class A {\n  async *#items<T>(a: T): AsyncGenerator<T> {\nBODY}\n}',
    'const a = { f(x: number): number {\nBODY}, b: 1 };',
    'call(1, function () {\nBODY});',
    "function f(a: string = ')', b = /[{(]/) {\nBODY}",
    'function f() {\n  // a { that nothing closes\nBODY}',
    `function f() {\n  const text = \`{ \${g({ a: \`{\` })}\`;\nBODY}`,
    "function f() {\n  return a / b; // it's {\nBODY}",
    'function f() {\n  unclosed({\nBODY}',
  ])('is seen in %j', (sample) => {
    expect(longFunctions({ 'src/core/a.ts': sample.replace('BODY', filler(60)) })).toHaveLength(1);
    expect(longFunctions({ 'src/core/a.ts': sample.replace('BODY', filler(9)) })).toEqual([]);
  });

  it.each([
    'interface A {\n  f(a: string): void;\nBODY}',
    'const table = {\nBODY};',
    'class A {\nBODY}',
    'class A extends B<{ a: string }> {\n  f(): void;\nBODY}',
    'if (a) {\nBODY}',
    'for await (const a of b()) {\nBODY}',
    'export const a = f(x) ? f(y) : g;\nBODY',
    'declare function f(a: string): void;\nBODY',
    'type F = (a: string) => void;\nBODY',
    'const a = wrap(b);\nconst c = {\nBODY};',
  ])('is not that of %j', (sample) => {
    expect(longFunctions({ 'src/core/a.ts': sample.replace('BODY', 'x;\n'.repeat(60)) })).toEqual([]);
  });

  it('is told with the line that the function begins in', () => {
    expect(functionsIn('\n\nconst a = 1;\nfunction f() {\n  return (b: number) => b;\n}\n')).toEqual([
      { line: 4, lines: 3 },
      { line: 5, lines: 1 },
    ]);
  });
});

describe('codeOf', () => {
  it.each([
    ["a('b') // c\n/* d\n e */ f", 'a(   )     \n    \n      f'],
    [`a = \`b \${c(\`d\`)} e\`;\nf`, 'a =                ;\nf'],
    ['a = b / c / d', 'a = b / c / d'],
    ['f(/a"b/, "c")', 'f(     ,    )'],
    ["it = 'isn\\'t'; // it's", 'it =         ;        '],
  ])('leaves of %j the code alone, in its place', (source, code) => {
    expect(codeOf(source)).toBe(code);
  });
});

describe('the registries', () => {
  const registry = "import { one } from './one';\nexport const dialects: readonly Dialect[] = [one];\n";
  const one = "import { schema } from './one-schema';\nexport const one: Dialect = { schema };\n";
  const complete: Sources = {
    'src/dialects/registry.ts': registry,
    'src/dialects/one.ts': one,
    'src/dialects/one-schema.ts': 'export const schema = 1;\n',
    'src/core/dialect.ts': '',
  };

  it('are complete when each file is reached and each member is named', () => {
    expect(unregistered(complete, 'dialects', ['Dialect'])).toEqual([]);
  });

  it('miss a file that nothing leads to', () => {
    const sources = { ...complete, 'src/dialects/two.ts': 'export const two = {};\n' };
    expect(unregistered(sources, 'dialects', ['Dialect'])).toEqual(['src/dialects/two.ts']);
  });

  it('do not miss what another stage uses', () => {
    const shared = {
      'src/dialects/two.ts': 'export const two = 1;\n',
      'src/app.ts': "import { two } from './dialects/two';\n",
    };
    expect(unregistered({ ...complete, ...shared }, 'dialects', ['Dialect'])).toEqual([]);
  });

  it('miss a member that another file imports but the list does not name', () => {
    const sources = { ...complete, 'src/dialects/one-schema.ts': 'export const two: Dialect = {};\n' };
    expect(unregistered(sources, 'dialects', ['Dialect'])).toEqual(['src/dialects/one-schema.ts: two']);
  });

  it('may load a member lazily', () => {
    const lazy = "export const providers = [{ load: () => import('./vendor/vendor') }];\n";
    const sources = { 'src/providers/registry.ts': lazy, 'src/providers/vendor/vendor.ts': 'export const a = 1;\n' };
    expect(unregistered(sources, 'providers', ['ProviderEntry'])).toEqual([]);
  });
});

describe('a pure stage', () => {
  it.each([
    ['const response = await fetch(url);', 1],
    ['const now = Date.now();', 1],
    ['const now = new Date();', 1],
    ['const seed = Math.random();', 1],
    ['const id = crypto.randomUUID();', 1],
    ['setTimeout(f, 1);', 1],
    ['const text = new Date(task.createdAt).toISOString();', 0],
    ["// Date.now() is not for us\nconst note = 'Date.now()';", 0],
  ])('has %j: %i', (source, count) => {
    expect(impureFiles({ 'src/dialects/a.ts': source, 'src/http/b.ts': source }, 'dialects')).toHaveLength(count);
  });
});
