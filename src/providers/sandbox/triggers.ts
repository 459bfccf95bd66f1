import type { FaultRecord } from '../../core/fault';
import type { Prompt } from '../../core/image-request';
import type { RefusalReason } from '../../core/provider';
import { stringsIn } from './prompt-strings';

/** What becomes of a picture that the sandbox accepted. */
export type Outcome = 'ready' | 'moderated-output' | 'error' | 'never';

/** What a trigger does: end the submit, or set how an accepted picture goes on. */
type TriggerEffect =
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly fault: FaultRecord; readonly isFinal: boolean }
  | { readonly kind: 'lose'; readonly fault: FaultRecord }
  | { readonly kind: 'accept'; readonly outcome: Outcome; readonly durationMs: number | null };

/** A word in a prompt that makes the sandbox behave in a way worth testing. */
export interface Trigger {
  readonly token: string;
  /** One sentence, for the documentation. */
  readonly description: string;
  readonly effect: TriggerEffect;
}

/** Every trigger, in the order that they are looked for. */
export const triggers: readonly Trigger[] = [
  {
    token: 'sandbox:moderated-request',
    description:
      'The request is refused by moderation: nothing is made, nothing is charged, no other provider is tried.',
    effect: {
      kind: 'refuse',
      reason: 'moderated',
      fault: { code: 'moderated_request', message: 'The sandbox moderated this request, as its prompt asked for.' },
      isFinal: true,
    },
  },
  {
    token: 'sandbox:moderated-output',
    description: 'The picture is made and charged, then withheld by moderation.',
    effect: { kind: 'accept', outcome: 'moderated-output', durationMs: null },
  },
  {
    token: 'sandbox:error',
    description: 'The request is accepted and then fails at the provider; nothing is charged.',
    effect: { kind: 'accept', outcome: 'error', durationMs: null },
  },
  {
    token: 'sandbox:refused',
    description: 'The provider is unavailable: nothing is bought, so it may be tried again or elsewhere.',
    effect: {
      kind: 'refuse',
      reason: 'unavailable',
      fault: { code: 'unavailable', message: 'The sandbox is unavailable, as the prompt asked for.' },
      isFinal: false,
    },
  },
  {
    token: 'sandbox:unknown',
    description: 'The connection is lost after sending: whether the picture was bought is not known.',
    effect: {
      kind: 'lose',
      fault: {
        code: 'outcome_unknown',
        message: 'The sandbox did not say whether it accepted the request, as the prompt asked for.',
      },
    },
  },
  {
    token: 'sandbox:slow',
    description: 'The picture takes 20 seconds.',
    effect: { kind: 'accept', outcome: 'ready', durationMs: 20_000 },
  },
  {
    token: 'sandbox:never',
    description: 'The picture is accepted and never finished.',
    effect: { kind: 'accept', outcome: 'never', durationMs: null },
  },
];

/** The first trigger of the table that stands as a word in the prompt, or in a string of a JSON prompt; null if none does. */
export function triggerIn(prompt: Prompt): Trigger | null {
  const texts = stringsIn(prompt).map(({ text }) => text);
  const words = new Set(texts.flatMap((text) => text.match(/(?<![\w-])sandbox:[a-z]+(?:-[a-z]+)*(?![\w-])/g) ?? []));
  return triggers.find(({ token }) => words.has(token)) ?? null;
}
