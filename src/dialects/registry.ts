import type { Dialect, WebhookMessage } from '../core/dialect';
import type { WebhookMoment } from '../core/order';
import type { Task } from '../core/task';
import { bfl } from './bfl';
import { chat } from './chat';
import { cometapi } from './cometapi';
import { fal } from './fal';
import { fluxgate } from './fluxgate';
import { hinow } from './hinow';
import { onemin } from './onemin';
import { openai } from './openai';
import { oxen } from './oxen';
import { replicate } from './replicate';

/** Every API that we answer in. A new one is its file and its line here. */
export const dialects: readonly Dialect[] = [
  fluxgate,
  bfl,
  openai,
  cometapi,
  fal,
  replicate,
  oxen,
  onemin,
  hinow,
  chat,
];

/** The dialect that words what happens at a path which no route takes: the one with the longest prefix of it. */
export function dialectOfPath(path: string): Dialect {
  const candidates = dialects.flatMap((dialect) => dialect.prefixes.map((prefix) => ({ dialect, prefix })));
  const matching = candidates.filter(({ prefix }) => path.startsWith(prefix));
  const longest = matching.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  return longest?.dialect ?? fluxgate;
}

/** A task as a webhook of the dialect it was made in. */
export function webhookMessage(
  dialectId: string,
  { task, moment, origin }: { task: Task; moment: WebhookMoment; origin: string },
): WebhookMessage | null {
  const dialect = dialects.find((candidate) => candidate.id === dialectId);
  return dialect?.webhook?.(task, moment, origin) ?? null;
}
