import type { Prompt } from './image-request';
import type { Format } from './rendition';
import type { SizeChoice } from './size';

/** A reference as the caller sent it. `field` is its path in the request, for the message when it is refused. */
export type ReferenceSource = { readonly field: readonly (string | number)[] } & (
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly base64: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
);

/** The picture asked for, with the dialect's defaults explicit; sizes, references and seed are not resolved yet. */
export interface PictureOrder {
  readonly prompt: Prompt;
  readonly references: readonly ReferenceSource[];
  readonly size: SizeChoice;
  readonly steps: number;
  readonly guidance: number;
  /** null: draw one. */
  readonly seed: number | null;
  readonly promptUpsampling: boolean;
  readonly safetyTolerance: number;
}

export type WebhookMoment = 'start' | 'end';

/** Where and how to tell how a task goes. */
export interface WebhookOrder {
  readonly url: string;
  /** The URL's path in the request, for the message when it is refused. */
  readonly field: readonly (string | number)[];
  /** The caller's own secret where the API has one; otherwise the account's is used. */
  readonly secret: string | null;
  /** When to tell: once it has begun, once it has ended, or both. */
  readonly moments: readonly WebhookMoment[];
}

/** How the answer is wanted. `wait` answers when the picture is there, `async` at once with a task, `stream` as it goes. */
export type DeliveryMode = 'wait' | 'async' | 'stream';

/** What a caller asked for: the picture, how many, in which file format, how delivered. */
export interface Order {
  readonly picture: PictureOrder;
  readonly count: number;
  readonly format: Format;
  /** 0 to 100 as the dialect's page has it; null: the encoder's choice. */
  readonly quality: number | null;
  readonly mode: DeliveryMode;
  /** Seconds to wait in mode `wait`; null: the deployment's own. */
  readonly waitSeconds: number | null;
  /** What mode `wait` answers with: the picture, or a fault; or the task as it stands after the wait, failed or not. */
  readonly answersWith: 'picture' | 'task';
  /** Whether the answer carries the bytes. */
  readonly wantsBytes: boolean;
  readonly webhook: WebhookOrder | null;
  /** What was understood otherwise than it was sent, as sentences for the caller: told in `x-fluxgate-notes`. */
  readonly notes: readonly string[];
}
