import { afterAll, expect } from 'vitest';
import { secretsIn } from './support/sent-secrets';

/**
 * Reads along whatever is logged while the tests of a file run, by the service or its Durable Objects, and fails the
 * file where a line holds what no log may: see {@link secretsIn}. The lines of requests are not printed.
 */
const lines: string[] = [];
const leaks: string[] = [];
/** Hours of random requests have more lines than there is room for. */
const mostKept = 5_000;
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  const print = console[method].bind(console);
  console[method] = (...said: unknown[]) => {
    const line = said.map(String).join(' ');
    lines.push(line);
    if (lines.length >= mostKept) readLines();
    if (!line.startsWith('{"event":"request"')) print(...said);
  };
}

afterAll(() => {
  readLines();
  expect(leaks).toEqual([]);
});

function readLines(): void {
  const found = lines.splice(0).flatMap((line) => secretsIn(line).map((kind) => `${kind}: ${line.slice(0, 300)}`));
  leaks.push(...found.slice(0, 5 - leaks.length));
}
