import type { Determinism } from './determinism';
import type { Fault } from './fault';
import type { Glimpse } from './glimpse';
import type { ImageRequest } from './image-request';
import type { Megapixels } from './price';
import type { Rendition } from './rendition';

export const taskStatuses = ['queued', 'rendering', 'ready', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const taskSources = ['hit', 'joined', 'bought'] as const;
/** How this caller came by the picture. */
export type TaskSource = (typeof taskSources)[number];

/** The picture of a task that is ready. */
export interface Picture {
  /** Absolute, on the caller's own origin. */
  readonly url: string;
  /** Where its recipe is, absolute too. */
  readonly recipeUrl: string;
  /** The same bytes by a URL that expires; only where the operation asks for one. */
  readonly temporaryUrl?: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  /** What can be shown before it; null where it could not be looked at. */
  readonly glimpse: Glimpse | null;
  readonly determinism: Determinism;
  /** As an `<img srcset>` takes it; only where the operation asks for one. */
  readonly sourceSet?: string;
  /** Opens the bytes; null where the order did not want them. */
  readonly open: (() => Promise<ReadableStream<Uint8Array>>) | null;
}

/** What a picture cost, in micro-dollars. `actualMicros` is null until the vendor has said. */
export interface Cost {
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly megapixels: Megapixels;
}

/** One caller's view of a render: all that a dialect needs to answer. Times are milliseconds since 1970. */
export interface Task {
  readonly id: string;
  readonly fingerprint: string;
  readonly status: TaskStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly source: TaskSource;
  readonly request: ImageRequest;
  readonly rendition: Rendition;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** null until a provider was chosen. */
  readonly provider: string | null;
  readonly cost: Cost;
  readonly picture: Picture | null;
  /** What is not as it was ordered, where the caller allowed the nearest. */
  readonly changes: readonly string[];
  readonly fault: Fault | null;
}

export function isEnded(status: TaskStatus): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}

/**
 * The id of a task's events, so that a stream can be resumed: it grows while the task goes on, and falls where a provider
 * would not take it and it waits again.
 */
export function sequenceOf({ status, progress }: { readonly status: TaskStatus; readonly progress: number }): number {
  if (isEnded(status)) return lastSequence;
  return status === 'queued' ? 0 : 1000 + Math.round(progress * 990);
}

/** The sequence of the event that ends a task. */
export const lastSequence = 2000;
