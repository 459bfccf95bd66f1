import { env } from 'cloudflare:workers';

/** Headers whose values are nobody's business but the sender's. */
const secretHeaders = ['authorization', 'x-key', 'api-key', 'x-provider-key', 'cf-connecting-ip'];
/** Fields of any dialect's body that hold a prompt. */
const promptFields = /^(?:prompt|negative_prompt|content|text|system)$/i;
const shortest = 8;
const longestBody = 200_000;
const deepest = 12;

const secrets = new Set<string>();
const prompts = new Set<string>();
const bodies: string[] = [];

/** Remembers what a request carries that no log may hold. */
export function noteSent(headers: Headers, body: unknown): void {
  for (const name of secretHeaders) {
    const value = headers.get(name)?.replace(/^(?:Bearer|Token|Key)\s+/i, '') ?? '';
    if (value.length >= shortest) secrets.add(value);
  }
  // Read when the file is through: a test may look at the clock.
  if (typeof body === 'string' && body.length < longestBody) bodies.push(body);
  if (body instanceof FormData)
    for (const [name, value] of body) if (promptFields.test(name)) notePrompts(value, { isPrompt: true, depth: 0 });
}

/** What a line of the log holds that it may not, by its kind. */
export function secretsIn(line: string): readonly string[] {
  for (const body of bodies.splice(0)) notePrompts(parsed(body), { isPrompt: false, depth: 0 });
  const settings = Object.entries(env).filter(([name]) => /_(?:KEY|TOKEN|SECRET)$/.test(name));
  const values = settings.flatMap(([, value]) =>
    typeof value === 'string' && value.length >= shortest ? [value] : [],
  );
  const patterns: Readonly<Record<string, RegExp>> = {
    'an API key': /\bfg_\w{3,}/,
    'an Authorization value': /\b(?:Bearer|Token|Key) [\w.~+/-]{8,}/,
    'the query of a signed URL': /[?&](?:signature|s|expires)=/,
    'the bytes of a picture': /iVBORw0KGgo|\/9j\/4AAQ|UklGR[\w+/]{10}|R0lGODlh/,
  };
  return [
    ...Object.entries(patterns).flatMap(([kind, pattern]) => (pattern.test(line) ? [kind] : [])),
    ...(holdsAny(line, [...values, ...secrets]) ? ['a secret that was sent or set'] : []),
    ...(holdsAny(line, prompts) ? ['a prompt'] : []),
  ];
}

/** As it is, and as it stands inside of JSON. */
function holdsAny(line: string, texts: Iterable<string>): boolean {
  for (const text of texts) if (line.includes(text) || line.includes(JSON.stringify(text).slice(1, -1))) return true;
  return false;
}

function notePrompts(value: unknown, { isPrompt, depth }: { isPrompt: boolean; depth: number }): void {
  if (typeof value === 'string') {
    if (isPrompt && value.trim().length >= shortest) prompts.add(value);
    return;
  }
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  for (const [name, member] of Object.entries(value)) {
    const isPart = promptFields.test(name) || (isPrompt && !/^(?:type|role|url)$/.test(name));
    notePrompts(member, { isPrompt: isPart, depth: depth + 1 });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
