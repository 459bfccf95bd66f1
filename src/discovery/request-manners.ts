import type { JsonObject } from '../core/json';

/** Where the picture is in what a dialect answers; `polled` answers name the URL to ask again first. */
type AnswerRule =
  | { readonly kind: 'at once'; readonly picture: readonly (string | number)[] }
  | { readonly kind: 'polled'; readonly next: string; readonly picture: readonly (string | number)[] };

/** What a dialect's schema does not say of a request: how its callers are used to write one. */
export interface Manner {
  /** Which of the dialect's routes; its first one that fits where absent. */
  readonly paths?: readonly string[];
  /** The query string or path parameters are filled in. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that are always sent. */
  readonly fixed?: JsonObject;
  /** The one field for a size, such as "1024x1024". */
  readonly sizeText?: string;
  /** Whether prompt and references stand in a conversation. */
  readonly isConversation?: boolean;
  readonly answer: AnswerRule;
}

const model = 'black-forest-labs/flux-2-flex';
const bflAnswer: AnswerRule = { kind: 'polled', next: 'polling_url', picture: ['result', 'sample'] };

/** By the id of the dialect. A dialect without a row here is in no sample. */
export const manners: Readonly<Record<string, Manner>> = {
  bfl: { answer: bflAnswer },
  openai: { fixed: { model }, sizeText: 'size', answer: { kind: 'at once', picture: ['data', 0, 'url'] } },
  cometapi: { answer: bflAnswer },
  fal: {
    paths: ['/fal/run/fal-ai/flux-2-flex', '/fal/run/fal-ai/flux-2-flex/edit'],
    answer: { kind: 'at once', picture: ['images', 0, 'url'] },
  },
  replicate: {
    headers: { Prefer: 'wait' },
    fixed: { input: { aspect_ratio: 'custom' } },
    answer: { kind: 'at once', picture: ['output'] },
  },
  oxen: { fixed: { model: 'flux-2-flex' }, answer: { kind: 'at once', picture: ['images', 0, 'url'] } },
  '1min': { fixed: { model }, answer: { kind: 'at once', picture: ['aiRecord', 'temporaryUrl'] } },
  hinow: { fixed: { model }, answer: { kind: 'at once', picture: ['data', 'urls', 0] } },
  chat: {
    fixed: { model, modalities: ['image'] },
    isConversation: true,
    answer: { kind: 'at once', picture: ['choices', 0, 'message', 'content'] },
  },
};
