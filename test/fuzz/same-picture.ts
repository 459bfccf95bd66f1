import type { ImageRequest } from '../../src/core/image-request';
import { isJsonObject, type Json } from '../../src/core/json';
import type { Understood } from './understand';

/** What decides the pixels of a request, told apart without the code that makes fingerprints. */
export function pixelsOf({ prompt, references, width, height, ...rest }: ImageRequest): string {
  const up = (edge: number) => 16 * Math.ceil(edge / 16);
  return JSON.stringify(
    inPairs({
      ...rest,
      prompt: meaningOf(prompt),
      references: references.map(({ sha256 }) => sha256),
      size: [up(width), up(height)],
    }),
  );
}

/** An order or a fault as one text: two requests that mean the same have the same. */
export function outcomeOf(understood: Understood): string {
  if (understood.kind === 'fault') return `${understood.fault.code} ${understood.fault.field}`;
  const { picture: _, ...delivery } = understood.order;
  return JSON.stringify([understood.print, understood.request.width, understood.request.height, delivery]);
}

/** Text that is a JSON object with nothing wrong in it means that object. */
function meaningOf(prompt: Json): Json {
  if (typeof prompt !== 'string') return prompt;
  try {
    const value: Json = JSON.parse(prompt);
    return isJsonObject(value) && prompt.isWellFormed() && isTidy(value, 64) ? value : prompt;
  } catch {
    return prompt;
  }
}

function isTidy(value: Json, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.entries(value).every(([key, member]) => key.isWellFormed() && isTidy(member, depth - 1));
}

/** The prompt of a body, wherever its dialect has it; undefined in a conversation. */
export function sentPrompt(body: Json): Json | undefined {
  if (!isJsonObject(body)) return undefined;
  const inner = [body.input, body.promptObject, body.parameters].find(isJsonObject);
  return body.prompt ?? inner?.prompt;
}

/** With keys in one order, as a list of pairs, so that no key can be lost on the way. */
export function inPairs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inPairs);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, inPairs(member)] as const);
  return { pairs: members.toSorted(([one], [other]) => (one < other ? -1 : 1)) };
}
