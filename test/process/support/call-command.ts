import { pathToFileURL } from 'node:url';
import { build } from '../../../scripts/bundles.mjs';
import type { World } from '../../../src/cli/session';
import type { Ran } from './run-program.ts';
import { noteProgram } from './sent-by-tests.ts';

interface Command {
  run(world: World): Promise<number>;
}
let command: Promise<Command> | null = null;

/**
 * What `run-command.ts` has a process do, in this one: the same built command, of which a process would spend most of its
 * time on its start. For tests of what it does, not of how it is called, asks a person, is interrupted or ends.
 */
export async function callFluxgate(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  noteProgram(words);
  command ??= load();
  const { run } = await command;
  const [out, err] = [new Pipe(), new Pipe()];
  const code = await run({ words, variables, developmentKey: variables.DEV_API_KEY || null, out, err });
  return { code, stdout: out.text, stderr: err.text };
}

/** It is built, as for a process, where its sources changed. */
async function load(): Promise<Command> {
  return await import(pathToFileURL(await build('cli.js')).href);
}

/** No terminal. */
class Pipe {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}
