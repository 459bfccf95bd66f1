import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtWorker } from '../../scripts/built-worker.mjs';
import { root } from '../../scripts/root.mjs';
import { sourcePlaces } from '../../scripts/source-places.mjs';

/** Said in one place of the service alone. */
const words = 'render-threw';
const source = 'src/renders/render-object.ts';

test('a stack of the built Worker names its sources, as it is and within JSON', async () => {
  const worker = await builtWorker();
  const [line, column] = placeOf(words, readFileSync(join(worker, 'index.js'), 'utf8'));
  const [sourceLine] = placeOf(words, readFileSync(join(root, source), 'utf8'));
  const inSource = sourcePlaces(worker);
  const named = new RegExp(`^Error: x\\n {4}at q\\.alarm \\(${source}:${sourceLine}:\\d+\\)$`);
  for (const where of ['', '/somewhere/', 'file:///some-where/']) {
    const stack = `Error: x\n    at q.alarm (${where}index.js:${line}:${column})`;
    expect(inSource(stack)).toMatch(named);
    expect(JSON.parse(inSource(JSON.stringify({ cause: stack }))).cause).toMatch(named);
  }
});

test('what names no place of it stays as it is', async () => {
  const inSource = sourcePlaces(await builtWorker());
  const others = [
    '',
    'index.js',
    'index.js:9999999:1',
    'at b (other.js:1:1)',
    'myindex.js:20:1',
    'https://e.com/index.js:20:1',
  ];
  for (const text of others) expect(inSource(text)).toBe(text);
});

test('a long line is read in no time', async () => {
  const inSource = sourcePlaces(await builtWorker());
  const startedAt = performance.now();
  for (const part of ['a', 'a/', 'file://', '-.']) inSource(`${part.repeat(100_000)} index.js:`);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('a stack stays as it is where the source map is gone', () => {
  const stack = 'at q.alarm (index.js:1:1)';
  expect(sourcePlaces(join(root, 'test'))(stack)).toBe(stack);
});

/** Counted from 1, as stacks do. */
function placeOf(part: string, text: string): readonly [number, number] {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return [before.length, (before.at(-1) ?? '').length + 1];
}
