import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { SentTexts } from '../support/sent-texts.ts';
import type { Evidence } from './evidence.ts';

/** Reads what the service printed for what no log may hold: what was sent to it, and the secrets that it was set up with. */
export async function readLog(
  path: string,
  settings: Readonly<Record<string, string>>,
  sent: SentTexts,
): Promise<Evidence['log']> {
  for (const [name, value] of Object.entries(settings)) if (/_(?:KEY|TOKEN|SECRET)$/.test(name)) sent.noteSecret(value);
  const leaks: string[] = [];
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines += 1;
    leaks.push(...sent.kindsIn(line).map((kind) => `${kind}: ${line.slice(0, 300)}`));
  }
  return { lines, leaks: leaks.slice(0, 20) };
}
