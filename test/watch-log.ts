import { afterAll, expect } from 'vitest';
import { secretsIn } from './support/sent-secrets';

/**
 * Reads along whatever is logged while the tests of a file run, by the service or its Durable Objects, and fails the
 * file where a line holds what no log may: see {@link secretsIn}. The lines of requests are not printed.
 */
const lines: string[] = [];
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  const print = console[method].bind(console);
  console[method] = (...said: unknown[]) => {
    const line = said.map(String).join(' ');
    lines.push(line);
    if (!line.startsWith('{"event":"request"')) print(...said);
  };
}

afterAll(() => {
  const leaks = lines.flatMap((line) => secretsIn(line).map((kind) => `${kind}: ${line.slice(0, 300)}`));
  expect(leaks.slice(0, 5)).toEqual([]);
});
