import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteProgram } from './sent-by-tests.ts';

/** What a program did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
type Variables = Readonly<Record<string, string>>;

const fetchPrinter = fileURLToPath(new URL('print-fetch.mjs', import.meta.url));
const responsePrinter = fileURLToPath(new URL('../python/print_response.py', import.meta.url));

/** Runs a command line in a real shell. */
export function runShell(line: string, variables: Variables = {}): Promise<Ran> {
  return run('bash', ['-c', line], variables);
}

/** Runs a module in Node. Each answer that its `fetch` gets is a line of JSON in what it prints. */
export function runNode(text: string, variables: Variables = {}): Promise<Ran> {
  return withFile('sample.mjs', text, (path) => run(process.execPath, ['--import', fetchPrinter, path], variables));
}

/** Runs a Python program. */
export function runPython(text: string, variables: Variables = {}): Promise<Ran> {
  return withFile('sample.py', text, (path) => run('python3', [path], variables));
}

/** Runs a Python program that prints nothing, and prints what its variable `response` then holds, as a line of JSON. */
export function runPythonSilent(text: string, variables: Variables = {}): Promise<Ran> {
  return withFile('sample.py', text, (path) => run('python3', [responsePrinter, path], variables));
}

/** Runs a Python program of `test/process/python`. */
export function runPythonFile(name: string, options: readonly string[], variables: Variables = {}): Promise<Ran> {
  return run('python3', [fileURLToPath(new URL(`../python/${name}`, import.meta.url)), ...options], variables);
}

/** What a program printed. @throws Error with what it complained of, when it did not end well. */
export function printedBy({ code, stdout, stderr }: Ran): string {
  if (code !== 0) throw new Error(`It ended with exit code ${code}.\n${stderr}\n${stdout}`);
  return stdout;
}

async function withFile(name: string, text: string, use: (path: string) => Promise<Ran>): Promise<Ran> {
  noteProgram([text]);
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-sample-'));
  try {
    writeFileSync(join(folder, name), text);
    return await use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** With nothing of this process's environment but what a program needs to run: no key, no proxy. */
function run(program: string, options: readonly string[], variables: Variables): Promise<Ran> {
  noteProgram(options);
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
  const env = { PATH, HOME, LANG, PYTHONDONTWRITEBYTECODE: '1', ...variables };
  const { promise, resolve } = Promise.withResolvers<Ran>();
  execFile(program, [...options], { env, timeout: 50_000, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
    const code = typeof error?.code === 'number' ? error.code : 1;
    resolve({ code: error === null ? 0 : code, stdout, stderr });
  });
  return promise;
}
