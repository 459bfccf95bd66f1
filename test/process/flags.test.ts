import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readFlags } from '../../bench/flags.ts';
import { root } from '../../scripts/root.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-flags-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, text: stdout + stderr };
}

describe('the bench', () => {
  const parts = ['hit-bytes', 'miss', 'ledger'];
  const namesOf = (...args: readonly string[]) => {
    const reading = readFlags(args, parts);
    return 'flags' in reading ? reading.flags.names : reading.words;
  };

  test.each([
    [['--repeats', 'abc'], '--repeats is a whole number from 5 to 1000, not "abc".'],
    [['--repeats', '4'], '--repeats is'],
    [['--connections', '0'], '--connections is'],
    [['--milliseconds', '0'], '--milliseconds is'],
    [['--milliseconds', '1e3'], '--milliseconds is'],
    [['--only', 'hits'], 'There is no part "hits".'],
    [['--fast'], '--fast'],
    [['--ledger'], '--ledger'],
    [['--json', join(folder, 'nowhere/x.json')], 'ENOENT'],
    [['hit-bytes'], 'hit-bytes'],
  ])('refuses %s before it measures', (args, words) => {
    const reading = readFlags(args, parts);
    expect(reading).toMatchObject({ exitCode: 2, words: expect.stringContaining(words) });
    expect(reading).toMatchObject({ words: expect.stringContaining('--connections <n>') });
  });

  test('measures what is asked for, as much as is asked for', () => {
    expect(namesOf()).toEqual(parts);
    expect(namesOf('--full')).toEqual(parts);
    expect(namesOf('--only', 'miss')).toEqual(['miss']);
    expect(namesOf('--only', 'miss', '--full')).toEqual(['miss']);
    expect(namesOf('--only', 'miss, ledger')).toEqual(['miss', 'ledger']);
    const json = join(folder, 'x.json');
    expect(readFlags(['--repeats', '9', '--connections', '2', '--json', json], parts)).toMatchObject({
      flags: { effort: { repeats: 9, milliseconds: 250, connections: 2 }, json },
    });
    expect(existsSync(json)).toBe(true);
  });
});

test.each(['bench/main.ts', 'test/chaos/main.ts', 'scripts/fuzz.mjs'])('%s says what it takes', (script) => {
  const { status, stdout, stderr } = run(script, '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('npm run');
});

test.each([
  ['bench/main.ts', ['--repeats', 'abc'], 'not "abc"'],
  ['test/chaos/main.ts', ['--minutes', 'soon'], 'Expected --minutes'],
  ['test/chaos/main.ts', ['--hours', '1'], '--hours'],
  ['scripts/fuzz.mjs', ['--cases', '0'], '--cases is a whole number from 1 on, not "0".'],
  ['scripts/fuzz.mjs', ['--seed', 'x'], '--seed is'],
  ['scripts/fuzz.mjs', ['--dialect', 'nope'], 'There is no dialect "nope": fluxgate, bfl, openai'],
])('%s refuses %s in a sentence', (script, args, words) => {
  const { status, text } = run(script, ...args);
  expect(status).toBe(2);
  expect(text).toContain(words);
  expect(text).not.toMatch(/^ {4}at /m);
});
