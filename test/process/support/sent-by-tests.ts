import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SentTexts } from '../../support/sent-texts.ts';

/** What the tests of this process sent, or had other programs send, that no log may hold. */
export const sent = new SentTexts();

/** A request as undici tells of it, whoever uses `fetch` here: a test, a vendor's client, ours. */
interface Told {
  readonly request: { readonly origin: string; readonly path: string; readonly headers: readonly string[] };
  readonly chunk?: Uint8Array | string;
}
const bodies = new WeakMap<Told['request'], string>();
const decoder = new TextDecoder();

subscribe('undici:request:create', (message) => {
  const { request } = message as Told;
  sent.note(pairsOf(request.headers), null, request.origin + request.path);
});
subscribe('undici:request:bodyChunkSent', (message) => {
  const { request, chunk = '' } = message as Told;
  const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk);
  bodies.set(request, (bodies.get(request) ?? '') + text);
});
subscribe('undici:request:bodySent', (message) => {
  const { request } = message as Told;
  sent.note([], bodies.get(request));
});

/** A prompt stands in a program, or in a body on a command line, as a string. */
const promptInProgram = /\bprompt\\?["']?\s*[:=]\s*\\?(["'])((?:(?!\\?\1).)+)/g;

/** What another program is given to send: its words, or its text. */
export function noteProgram(words: readonly string[]): void {
  for (const word of words) {
    const prompts = [...word.matchAll(promptInProgram)].map(([, , prompt = '']) => prompt);
    const isSentence = /^[\w"'“].* /.test(word) && !/[\n{]/.test(word) && !word.startsWith('curl ');
    for (const prompt of isSentence ? [word, ...prompts] : prompts) sent.notePrompt(prompt);
  }
}

/** The prompts of all pictures that a service's state holds: whoever ordered them. */
export function noteStored(state: string): void {
  for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
    const path = join(state, name);
    if (!/[\\/]r2[\\/].*[\\/]blobs[\\/]/.test(path) || statSync(path).size > 50_000) continue;
    const text = readFileSync(path, 'latin1');
    // A recipe, as it was written: see src/storage/recipe.ts.
    if (text.startsWith('{')) sent.note([], readFileSync(path, 'utf8'));
  }
}

/** Where the processes that run test files leave what they sent, for the one that has the service. */
export const sentFolder = () => mkdtempSync(join(tmpdir(), 'fluxgate-sent-'));

export function leaveSent(folder: string): void {
  writeFileSync(join(folder, `${crypto.randomUUID()}.json`), JSON.stringify(sent));
}

/** Learns what was left there, and removes it. @returns how many files left something */
export function learnSent(folder: string): number {
  const names = readdirSync(folder);
  for (const name of names) sent.learn(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  rmSync(folder, { recursive: true });
  return names.length;
}

function pairsOf(headers: readonly string[]): [string, string][] {
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, headers[index + 1] ?? ''] as [string, string]] : [],
  );
}
