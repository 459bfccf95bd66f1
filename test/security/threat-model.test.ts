/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';

const pages = import.meta.glob<string>('../../docs/threat-model.md', { query: '?raw', import: 'default', eager: true });
const threatModel = pages['../../docs/threat-model.md'] ?? '';
const tests = Object.fromEntries(
  Object.entries(import.meta.glob<string>('../**/*.test.ts', { query: '?raw', import: 'default', eager: true })).map(
    ([path, source]) => [path.replace(/^\.\.\//, 'test/').replace(/^\.\//, 'test/security/'), source],
  ),
);

interface Row {
  readonly attack: string;
  readonly file: string;
  readonly title: string;
}

/** The rows of all tables, but for their heads. */
function rowsOf(page: string): readonly Row[] {
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| attack '));
  return lines.map((line) => {
    const [attack = '', , shown = ''] = line.slice(2, -2).split(' | ');
    const [, file = '', title = ''] = /^`([^`]+)` › (.+)$/.exec(shown) ?? [];
    return { attack, file, title };
  });
}

/** Whether a file has a test, or a table of tests, of that name. Strings are read as they are written. */
function hasTest(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const written = title.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return [`(${quote}${written}${quote},`, `\n    ${quote}${written}${quote},`].some((call) => source.includes(call));
  });
}

describe('the threat model', () => {
  const rows = rowsOf(threatModel);

  it('has rows, each with one attack', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows.map(({ attack }) => attack)).size).toBeGreaterThan(rows.length - 5);
  });

  it.each(rows)('names a test that is there for: $attack', ({ file, title }) => {
    expect(Object.keys(tests)).toContain(file);
    expect(hasTest(tests[file] ?? '', title), `${file} › ${title}`).toBe(true);
  });

  it('would notice a test that is gone, or is called otherwise', () => {
    const source = "it('is here', () => {});\nit.each([1])('is each %s', () => {});";
    expect(['is here', 'is each %s', 'is', 'here', 'is gone'].map((title) => hasTest(source, title))).toEqual([
      ...[true, true],
      ...[false, false, false],
    ]);
  });

  it('has every test of this folder in it', () => {
    const named = new Set(rows.map(({ file }) => file));
    const own = Object.keys(tests).filter(
      (path) => path.startsWith('test/security/') && !path.includes('threat-model'),
    );
    expect(own.filter((path) => !named.has(path))).toEqual([]);
  });
});
