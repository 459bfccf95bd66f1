/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

/** One thing that is wrong with a request. */
export interface ErrorIssue {
  /** The field's dotted name. */
  readonly field: string;
  /** A sentence that says what is accepted. */
  readonly message: string;
}

/** An error as our own API words it. */
export interface WireError {
  /** Decide by this, never by the message. */
  readonly code:
    | 'invalid_request'
    | 'no_provider'
    | 'moderated_request'
    | 'moderated_output'
    | 'unauthenticated'
    | 'insufficient_credit'
    | 'forbidden'
    | 'not_found'
    | 'model_not_found'
    | 'task_not_found'
    | 'method_not_allowed'
    | 'conflict'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'range_not_satisfiable'
    | 'cancelled'
    | 'rate_limited'
    | 'internal'
    | 'provider_failed'
    | 'outcome_unknown'
    | 'unavailable'
    | 'wait_exceeded';
  readonly message: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly issues: readonly ErrorIssue[];
  /** The task that goes on although the request ended. */
  readonly task?: string;
}

/** The picture of a task that is ready. */
export interface TaskPicture {
  /** Public, needs no key, and is never another picture. A private account’s expires. */
  readonly url: string;
  /** Such as `image/jpeg`. */
  readonly contentType: string;
  /** Pixels, exactly as ordered. */
  readonly width: number;
  readonly height: number;
  /** A blur to show until it is loaded: https://evanw.github.io/thumbhash, in base64. */
  readonly thumbhash: string | null;
  /** Its main colour, such as `#591839`. */
  readonly color: string | null;
  readonly determinism: Determinism;
  /** For an `<img>`: all narrower widths, and the picture as it is. */
  readonly srcset?: string;
}

export interface TaskCost {
  /** Millionths of a dollar. */
  readonly quotedMicros: number;
  /** null where nobody said, or not yet. */
  readonly actualMicros: number | null;
  readonly inputMegapixels: number;
  readonly outputMegapixels: number;
}

export type TaskStatus = 'queued' | 'rendering' | 'ready' | 'failed' | 'cancelled';

/**
 * How this caller came by the picture: stored already, made for somebody else at this moment, or bought for this one.
 */
export type PictureSource = 'hit' | 'joined' | 'bought';

/** What the stored bytes are: those of the first time, made again and the same, made again and not, or unknown. */
export type Determinism = 'pinned' | 'rerendered' | 'differs' | 'unverified';

/** A task as `GET /v1/tasks/{id}` tells it. */
export interface TaskState {
  readonly object: 'task';
  readonly id: string;
  readonly status: TaskStatus;
  /** 0 to 1. */
  readonly progress: number;
  /** The SHA-256 of what was ordered: it names the picture. */
  readonly fingerprint: string;
  readonly source: PictureSource;
  /** null until one was chosen. */
  readonly provider: string | null;
  /** Whether the sandbox drew it, and no vendor. */
  readonly sandbox: boolean;
  /** Ask with it again, and with the same parameters, for the same picture. */
  readonly seed: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What the picture cost whoever bought it. */
  readonly cost: TaskCost;
  readonly picture: TaskPicture | null;
  readonly error: WireError | null;
  readonly urls: {
    readonly self: string;
    readonly events: string;
    readonly recipe: string | null;
  };
  /** What was asked for, where it ended without a picture; a picture has it at `urls.recipe`. */
  readonly recipe?: {
    readonly prompt: string | { readonly [name: string]: unknown };
    readonly references: readonly {
      readonly sha256: string;
      readonly contentType: string;
      readonly width: number;
      readonly height: number;
    }[];
    /** 64 to 4096. */
    readonly width: number;
    /** 64 to 4096. */
    readonly height: number;
    /** 1 to 50. */
    readonly steps: number;
    /** 1.5 to 10. */
    readonly guidance: number;
    /** 0 to 4294967295. */
    readonly seed: number;
    readonly promptUpsampling: boolean;
    /** 0 to 5. */
    readonly safetyTolerance: number;
  };
}

/** A task in a list: what it is about and what it costs. `GET /v1/tasks/{id}` has its picture. */
export interface ListedTask {
  readonly object: 'task';
  readonly id: string;
  readonly urls: {
    readonly self: string;
  };
  readonly status: TaskStatus;
  /** How it ended, as the ledger has it; null while it goes on. */
  readonly outcome: string | null;
  /** The SHA-256 of what was ordered: it names the picture. */
  readonly fingerprint: string;
  readonly dialect: string;
  readonly provider: string | null;
  /** The id of the key that ordered it. */
  readonly key: string | null;
  /** What a refund names; null while nothing is bought. */
  readonly purchase: string | null;
  /** Millionths of a dollar. */
  readonly quotedMicros: number;
  /** Millionths of a dollar. */
  readonly spentMicros: number;
  readonly actualMicros: number | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface TasksQuery {
  readonly status?: TaskStatus;
  /** At most 40 characters. */
  readonly provider?: string;
  /** At most 40 characters. */
  readonly dialect?: string;
  readonly fingerprint?: string;
  /** A UTC day such as `2026-11-30`, or a time. */
  readonly from?: string;
  /** A day stands for all of it: `2026-11-30` includes what ended on it. */
  readonly to?: string;
  /** How many a page has. 1 to 200. `50` where absent. */
  readonly limit?: number;
  /** The `next` of an earlier page. At most 1000 characters. */
  readonly cursor?: string;
  /** Another account: for admins alone. At most 200 characters. */
  readonly account?: string;
}
