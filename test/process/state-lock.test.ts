import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimState } from '../../scripts/state-lock.mjs';

let state = '';
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'fluxgate-state-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));
const owner = () => readFileSync(join(state, 'service.pid'), 'utf8').trim();

describe('a state folder', () => {
  test('is not taken from a process that is alive', () => {
    writeFileSync(join(state, 'service.pid'), `${process.ppid}\n`);
    expect(() => claimState(state)).toThrow(`(process ${process.ppid})`);
  });

  test.runIf(existsSync('/proc/self/stat'))('is taken from a dead one that nobody has buried', async () => {
    // The shell's child ends when the shell has become a `sleep`, which buries nobody.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = await new Promise<string>((resolve) =>
        parent.stdout.once('data', (text) => resolve(`${text}`.trim())),
      );
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), { timeout: 10_000 }).toContain(') Z ');
      writeFileSync(join(state, 'service.pid'), `${pid}\n`);
      claimState(state);
      expect(owner()).toBe(String(process.pid));
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
