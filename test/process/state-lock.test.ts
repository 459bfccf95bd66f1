import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Halt } from '../../scripts/halt.mjs';
import { claimState } from '../../scripts/state-lock.mjs';

let state = '';
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'fluxgate-state-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));
const lock = () => join(state, 'service.pid');
const owner = () => readFileSync(lock(), 'utf8').split('\n')[0];

describe('a state folder', () => {
  test('is not taken from a process that is alive', () => {
    writeFileSync(lock(), `${process.ppid}\n`);
    expect(() => claimState(state)).toThrow(`(process ${process.ppid})`);
  });

  test('is rid of what killed services left that holds secrets', () => {
    const left = ['service-1.json', 'variables-2.env'];
    for (const name of [...left, 'mine.json']) writeFileSync(join(state, name), '{}');
    claimState(state);
    expect(readdirSync(state).toSorted()).toEqual(['mine.json', 'service.pid']);
  });

  test('is not taken from the very process that took it, and is from one that has its number since', async () => {
    const script = `import { claimState } from ${JSON.stringify(String(new URL('../../scripts/state-lock.mjs', import.meta.url)))};
      claimState(${JSON.stringify(state)}); console.log('taken'); setTimeout(() => undefined, 60_000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(other.stdout, 'data');
      const [pid, beginning, end] = readFileSync(lock(), 'utf8').split('\n');
      expect([pid, end]).toEqual([String(other.pid), '']);
      expect(beginning).toMatch(/\d/);
      expect(() => claimState(state)).toThrow(`(process ${other.pid})`);
      // As after the machine has started anew: the number is another process's, which began at another time.
      writeFileSync(lock(), `${process.ppid}\n${beginning}\n`);
      claimState(state);
      expect(owner()).toBe(String(process.pid));
    } finally {
      other.kill('SIGKILL');
    }
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'is taken after a start of the machine, though all else be the same',
    () => {
      writeFileSync(lock(), `${process.pid}\n`);
      claimState(state);
      const [, beginning = ''] = readFileSync(lock(), 'utf8').split('\n');
      const [ticks] = beginning.split(' ');
      const ofParent = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19];
      const machine = beginning.slice(`${ticks} `.length);
      writeFileSync(lock(), `${process.ppid}\n${ofParent} ${machine}\n`);
      expect(() => claimState(state)).toThrow(`(process ${process.ppid})`);
      writeFileSync(lock(), `${process.ppid}\n${ofParent} another-start\n`);
      claimState(state);
      expect(owner()).toBe(String(process.pid));
    },
  );

  test.each(['', 'nobody\n', '-1\n', '0\n'])('is taken where its lock says %j', (text) => {
    writeFileSync(lock(), text);
    claimState(state);
    expect(owner()).toBe(String(process.pid));
  });

  test.runIf(existsSync('/proc/self/stat'))('is taken from a dead one that nobody has buried', async () => {
    // The shell's child ends when the shell has become a `sleep`, which buries nobody.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = await new Promise<string>((resolve) =>
        parent.stdout.once('data', (text) => resolve(`${text}`.trim())),
      );
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), { timeout: 10_000 }).toContain(') Z ');
      writeFileSync(lock(), `${pid}\n`);
      claimState(state);
      expect(owner()).toBe(String(process.pid));
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('that is a file, or cannot be made, is refused in one line that says so', () => {
    const file = join(state, 'a-file');
    writeFileSync(file, 'something of the reader');
    for (const path of [file, join(file, 'below'), '/dev/null/state']) {
      expect(() => claimState(path)).toThrow(Halt);
      expect(() => claimState(path)).toThrow(/^FLUXGATE_STATE must name a folder .*\.$/);
      expect(() => claimState(path)).toThrow(`"${path}"`);
    }
    expect(readFileSync(file, 'utf8')).toBe('something of the reader');
  });
});
