import { noteStored, sent } from './support/sent-by-tests.ts';

/** What `npm start` says last when everything is up: above it stands the key, on purpose. */
export const lastLine = 'Stop it with Ctrl-C.';

export interface Printed {
  readonly text: string;
  /** What the service was started with. */
  readonly settings: Readonly<Record<string, string>>;
  /** The folder of its state. */
  readonly state: string;
}

/** What a service printed while it served that it may not, with the line; see {@link sent} for what is known. */
export function printedSecrets({ text, settings, state }: Printed): readonly string[] {
  for (const [name, value] of Object.entries(settings)) if (/_(?:KEY|TOKEN|SECRET)$/.test(name)) sent.noteSecret(value);
  noteStored(state);
  const lines = text.slice(text.indexOf(lastLine) + lastLine.length).split('\n');
  return lines.flatMap((line) => sent.kindsIn(line).map((kind) => `${kind}: ${line.slice(0, 300)}`));
}
