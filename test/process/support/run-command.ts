import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../scripts/root.mjs';
import type { Ran } from './run-program.ts';
import { noteProgram } from './sent-by-tests.ts';

/** Runs the `fluxgate` command as its users do, in a pipe. `DEV_API_KEY` is empty unless it is given. */
export function fluxgate(words: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ran> {
  noteProgram(words);
  const { FLUXGATE_URL: _, FLUXGATE_KEY: __, ...rest } = process.env;
  const env = { ...rest, ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'scripts/fluxgate.mjs'), ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}
