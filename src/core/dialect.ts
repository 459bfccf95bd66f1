import type { z } from 'zod';
import type { Fault } from './fault';
import type { Json } from './json';
import type { Order } from './order';
import type { Picture, Task } from './task';

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
  | { readonly kind: 'form'; readonly fields: readonly WireField[] };

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

/** What this deployment offers, for model lists and pages. */
export interface Catalogue {
  readonly priceMicros: number;
  readonly isSandbox: boolean;
  readonly providers: readonly string[];
}

/** A picture that a caller uploaded, to be named by `url` in a later request. */
export interface Upload {
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
  readonly accepts: readonly ('json' | 'form')[];
  /** What the body may hold: decode parses with it, the documentation is made from it. */
  readonly schema: z.ZodType;
  decode(wire: WireRequest): Order;
  encode(answer: CreateAnswer): WireResponse;
  stream?(answer: CreateAnswer, task: Task): readonly WireEvent[];
  /** Events after the last task of a stream ended, such as `[DONE]`. */
  readonly streamEnd?: readonly WireEvent[];
}
export interface TaskOperation extends OperationBase {
  /** `read` answers as it stands, `cancel` asks to stop first, `watch` streams changes until it ends. */
  readonly kind: 'read' | 'cancel' | 'watch';
  taskId(wire: WireRequest): string;
  encode(answer: TaskAnswer): WireResponse;
  /** For `watch`: one change. */
  events?(answer: TaskAnswer): readonly WireEvent[];
}
export interface CatalogueOperation extends OperationBase {
  readonly kind: 'catalogue';
  encode(catalogue: Catalogue, wire: WireRequest): WireResponse;
}
export interface BalanceOperation extends OperationBase {
  readonly kind: 'balance';
  /** The balance in micro-dollars; null: without limit. */
  encode(balanceMicros: number | null, wire: WireRequest): WireResponse;
}
export interface UploadOperation extends OperationBase {
  readonly kind: 'upload';
  readonly accepts: readonly ('json' | 'form')[];
  decode(wire: WireRequest): WireFile;
  encode(upload: Upload, wire: WireRequest): WireResponse;
}
export type Operation = CreateOperation | TaskOperation | CatalogueOperation | BalanceOperation | UploadOperation;

/** Words a finished (or started) task as a webhook of this dialect. Null: this dialect sends no such event. */
export interface WebhookMessage {
  readonly event: string;
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
  webhook?(task: Task): WebhookMessage | null;
}
