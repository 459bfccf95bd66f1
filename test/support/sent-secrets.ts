import { env } from 'cloudflare:workers';
import { SentTexts } from './sent-texts';

const sent = new SentTexts();

/** What the service is set up with; not the whole of `env`, where bindings are too. */
for (const [name, value] of Object.entries(env))
  if (/_(?:KEY|TOKEN|SECRET)$/.test(name) && typeof value === 'string') sent.noteSecret(value);

/** Remembers what a request carries that no log may hold. */
export function noteSent(headers: Iterable<readonly [string, string]>, body: unknown, url = ''): void {
  sent.note(headers, body, url);
}

/** What a line of the log holds that it may not, by its kind. */
export function secretsIn(line: string): readonly string[] {
  return sent.kindsIn(line);
}
