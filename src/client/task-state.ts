import type { WireError } from './fluxgate-error';

export type TaskStatus = 'queued' | 'rendering' | 'ready' | 'failed' | 'cancelled';
/** How this caller came by the picture: stored already, made for somebody else at this moment, or bought for this one. */
export type PictureSource = 'hit' | 'joined' | 'bought';

/** A task as `GET /v1/tasks/{id}` tells it. Times are ISO 8601. */
export interface TaskState {
  readonly id: string;
  readonly status: TaskStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly fingerprint: string;
  readonly source: PictureSource;
  readonly provider: string | null;
  readonly sandbox: boolean;
  readonly seed: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly cost: {
    readonly quotedMicros: number;
    readonly actualMicros: number | null;
    readonly inputMegapixels: number;
    readonly outputMegapixels: number;
  };
  readonly picture: {
    readonly url: string;
    readonly contentType: string;
    readonly width: number;
    readonly height: number;
    /** What the stored bytes are: `pinned`, `rerendered`, `differs` or `unverified`. */
    readonly determinism?: string;
    /** Shown until the picture is there: https://evanw.github.io/thumbhash */
    readonly thumbhash?: string | null;
    readonly color?: string | null;
  } | null;
  readonly error: WireError | null;
}

export function isEnded({ status }: Pick<TaskState, 'status'>): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}
