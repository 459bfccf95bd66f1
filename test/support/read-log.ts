import { secretsIn } from './sent-secrets';

/**
 * Reads along whatever is logged while tests run, by the service or its Durable Objects. The lines of requests are not
 * printed. Files that share a service share this too.
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

/** Lines that hold what no log may, since this was last asked: see {@link secretsIn}. */
export function takeLeaks(): readonly string[] {
  readLines();
  return leaks.splice(0);
}

function readLines(): void {
  const found = lines.splice(0).flatMap((line) => secretsIn(line).map((kind) => `${kind}: ${line.slice(0, 300)}`));
  leaks.push(...found.slice(0, 5 - leaks.length));
}
