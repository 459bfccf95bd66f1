import type { z } from 'zod';
import type { Balance } from './balance';
import type { Fault } from './fault';
import type { Json, JsonObject } from './json';
import type { Order, WebhookMoment } from './order';
import type { Picture, Task, TaskStatus } from './task';

/** A file of a multipart form. */
export interface WireFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly contentType: string;
}
export interface WireField {
  readonly name: string;
  readonly value: string | WireFile;
}
export type WireBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly fields: readonly WireField[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string };

/** The ways in which a route takes its body. */
export type BodyKind = Exclude<WireBody['kind'], 'none'>;

/** A request as a dialect sees it: read whole, within the limits, and not yet understood. */
export interface WireRequest {
  readonly method: string;
  /** scheme://host:port that the caller used: every URL in the answer starts with it. */
  readonly origin: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: WireBody;
}

/** Where the bytes of a picture go in an answer, as base64 behind `prefix`: they are streamed there, never held whole. */
export class PictureBytes {
  readonly picture: Picture;
  readonly prefix: string;

  constructor(picture: Picture, prefix = '') {
    this.picture = picture;
    this.prefix = prefix;
  }
}

/** JSON that may hold pictures. */
export type WireJson =
  | null
  | boolean
  | number
  | string
  | PictureBytes
  | readonly WireJson[]
  | { readonly [key: string]: WireJson };

/** An answer as a dialect words it. A null body sends none. */
export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: WireJson;
}

/** One server-sent event. `data` is sent as it is when it is text, as JSON otherwise. */
export interface WireEvent {
  readonly event?: string;
  readonly id?: string;
  readonly data: WireJson;
}

export interface CreateAnswer {
  readonly wire: WireRequest;
  readonly order: Order;
  /** One for each picture, in the order of their seeds. */
  readonly tasks: readonly Task[];
  readonly requestId: string;
}
export interface TaskAnswer {
  readonly wire: WireRequest;
  readonly task: Task;
  readonly requestId: string;
}
/** A change of a task, with how it stood at the change before; null at the first. */
export interface TaskChange extends TaskAnswer {
  readonly previous: Task | null;
}

/** What this deployment offers, for model lists and pages. */
export interface Catalogue {
  readonly priceMicros: number;
  readonly isSandbox: boolean;
  readonly providers: readonly string[];
}

/** A picture that a caller uploaded, to be named by `url` in a later request. */
export interface Upload {
  /** The last part of its URL, with its extension. */
  readonly id: string;
  readonly url: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  readonly name: string;
  readonly createdAt: number;
}

interface OperationBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Hono's path syntax, absolute. */
  readonly path: string;
  readonly summary: string;
  /** `optional`: a task id is proof enough, but a key of another account is refused. Default `required`. */
  readonly auth?: 'required' | 'optional' | 'none';
}

/** Makes pictures. `stream` words each change of the first task in mode `stream`, the last one with its picture. */
export interface CreateOperation extends OperationBase {
  readonly kind: 'create';
  readonly accepts: readonly BodyKind[];
  /** Whether a body is JSON even where `curl -d` calls it a form, as the vendor's own samples need it. */
  readonly takesUntypedJson?: boolean;
  /** What the body may hold: decode parses with it, the documentation is made from it. */
  readonly schema: z.ZodType;
  decode(wire: WireRequest): Order;
  encode(answer: CreateAnswer): WireResponse;
  /** Whether the pictures that `encode` gets have a `temporaryUrl`. */
  readonly wantsTemporaryUrls?: boolean;
  stream?(answer: CreateAnswer, task: Task): readonly WireEvent[];
  /** Events after the last task of a stream ended, such as `[DONE]`. */
  readonly streamEnd?: readonly WireEvent[];
  /** Words what ends a stream badly. Without it: one event `error` with the body of `encodeFault`. */
  streamFault?(answer: CreateAnswer, fault: Fault): readonly WireEvent[];
}
export interface TaskOperation extends OperationBase {
  /**
   * `read` answers as it stands, `cancel` asks to stop first, `watch` streams changes until it ends: its stream has
   * the headers that `encode` gives.
   */
  readonly kind: 'read' | 'cancel' | 'watch';
  taskId(wire: WireRequest): string;
  encode(answer: TaskAnswer): WireResponse;
  /** Whether the picture that `encode` gets has a `temporaryUrl`. */
  readonly wantsTemporaryUrls?: boolean;
  /** Whether it has a `sourceSet`. */
  readonly wantsSourceSets?: boolean;
  /** For `watch`: one change. */
  events?(change: TaskChange): readonly WireEvent[];
}
export interface CatalogueOperation extends OperationBase {
  readonly kind: 'catalogue';
  encode(catalogue: Catalogue, wire: WireRequest): WireResponse;
}
export interface BalanceOperation extends OperationBase {
  readonly kind: 'balance';
  /** Refuses what it was asked and would not obey. @throws Fault naming the field */
  check?(wire: WireRequest): void;
  encode(balance: Balance, wire: WireRequest): WireResponse;
}
/** Takes a picture to be used as a reference. `ticket` is the promise that it redeems, where it redeems one. */
export interface UploadOperation extends OperationBase {
  readonly kind: 'upload';
  readonly accepts: readonly BodyKind[];
  /** `field` is where the file was, for the message when it is refused: `file` unless it says so. */
  decode(wire: WireRequest): { readonly file: WireFile; readonly ticket: string | null; readonly field?: string };
  encode(upload: Upload, wire: WireRequest): WireResponse;
}
/** Promises a place for an upload that follows: `url` is where the picture will be, `ticket` what lets it be put there. */
export interface UploadPromiseOperation extends OperationBase {
  readonly kind: 'upload-promise';
  readonly accepts: readonly BodyKind[];
  decode(wire: WireRequest): { readonly contentType: string };
  encode(promise: { readonly url: string; readonly ticket: string }, wire: WireRequest): WireResponse;
}
/** Tells about an upload by its id (see {@link Upload}). */
export interface UploadReadOperation extends OperationBase {
  readonly kind: 'upload-read';
  uploadId(wire: WireRequest): string;
  encode(upload: Upload, wire: WireRequest): WireResponse;
}
/** Which tasks a page is of, and how many of them it has. */
export interface ListWish {
  readonly statuses: readonly TaskStatus[];
  readonly limit: number;
}
/** A page of the account's tasks, newest first. `next` is the cursor of the page after it. */
export interface ListOperation extends OperationBase {
  readonly kind: 'list';
  cursor(wire: WireRequest): string | null;
  /** What is asked for; without it, every task, by fifty. @throws Fault naming the parameter */
  wish?(wire: WireRequest): ListWish;
  encode(page: { readonly tasks: readonly Task[]; readonly next: string | null }, wire: WireRequest): WireResponse;
}
/** What verifies our webhooks: the account's secret, or the service's public key as a JSON Web Key. */
export interface WebhookKeyOperation extends OperationBase {
  readonly kind: 'webhook-key';
  encode(
    key: { readonly secret: string | null; readonly publicKeys: readonly JsonObject[] },
    wire: WireRequest,
  ): WireResponse;
}
export type Operation =
  | CreateOperation
  | TaskOperation
  | CatalogueOperation
  | BalanceOperation
  | UploadOperation
  | UploadPromiseOperation
  | UploadReadOperation
  | ListOperation
  | WebhookKeyOperation;

/** A webhook's body, and how it is signed: Standard Webhooks' HMAC with the secret, or fal's Ed25519. */
export interface WebhookMessage {
  readonly signature: 'standard' | 'fal';
  readonly body: Json;
}

/** An API we answer in: its routes, where its key is, its wire shapes, its errors. Pure: no I/O, no clock. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  /** The vendor's own page. */
  readonly documentation: string;
  /** Paths under one of these are answered in this dialect even when no route matches. */
  readonly prefixes: readonly string[];
  readonly operations: readonly Operation[];
  /** The caller's key, wherever this API carries it; null if there is none. */
  credential(headers: Headers): string | null;
  encodeFault(fault: Fault, requestId: string): WireResponse;
  /**
   * Words a task that has begun or ended as a webhook. Null: this dialect sends none at that moment. `origin` is the
   * one that the task was asked for on: every URL in the message starts with it.
   */
  webhook?(task: Task, moment: WebhookMoment, origin: string): WebhookMessage | null;
}
