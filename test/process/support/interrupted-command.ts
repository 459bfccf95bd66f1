import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../../scripts/root.mjs';
import type { Ran } from './run-program.ts';
import { noteProgram } from './sent-by-tests.ts';

/** Runs the `fluxgate` command, and presses Ctrl-C, or kills it, once that has come about. */
export async function interrupted(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  isTime: () => Promise<void>,
  signal: 'SIGINT' | 'SIGKILL' = 'SIGINT',
): Promise<Ran> {
  noteProgram(words);
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [join(root, 'scripts/fluxgate.mjs'), ...words], { env });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const exited = once(child, 'exit');
  await isTime();
  child.kill(signal);
  const [code] = await exited;
  const [stdout, stderr] = await printed;
  return { code: code ?? -1, stdout, stderr };
}
