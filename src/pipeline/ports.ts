import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts-port';
import type { ApiKey } from '../accounts/api-key';
import type { HitCharge } from '../accounts/hit-charge';
import type { SealedKey } from '../accounts/provider-keys';
import type { RefusalMemory } from '../accounts/refusal-memory';
import type { Counted } from '../accounts/usage-counter';
import type { FaultRecord } from '../core/fault';
import type { ImageRequest, Reference } from '../core/image-request';
import type { Choice, Offer, Preference } from '../core/market';
import type { ReferenceSource } from '../core/order';
import type { Rendition } from '../core/rendition';
import type { Allowance } from '../core/spending';
import type { TaskHandle } from '../core/task-id';
import type { JoinAnswer, JoinRequest, WebhookRecord } from '../renders/render-ports';
import type { RenderView } from '../renders/render-view';
import type { PictureFacts, Recipe } from '../storage/recipe';
import type { OwnPictures, StoredUpload } from '../storage/reference-store';
import type { TaskList } from '../storage/task-list';

/** A render's face towards the pipeline. */
export interface Renders {
  join(request: JoinRequest): Promise<JoinAnswer>;
  view(handle: TaskHandle): Promise<RenderView | null>;
  /** Whether the render that a task (null: any) began goes on. */
  isUnderWay(fingerprint: string, nonce: string | null): Promise<boolean>;
  /** How the account's last attempt at a picture failed, where that is less than `restMs` ago. */
  restingFault(fingerprint: string, accountId: string, restMs: number): Promise<FaultRecord | null>;
  wait(handle: TaskHandle, timeoutMs: number): Promise<RenderView | null>;
  watch(handle: TaskHandle): Promise<ReadableStream<Uint8Array>>;
  cancel(handle: TaskHandle): Promise<RenderView | null>;
  addWebhook(fingerprint: string, webhook: WebhookRecord): Promise<void>;
}

/** Bytes of a stored picture, with what stands beside them. */
export interface OpenPicture {
  readonly facts: PictureFacts;
  readonly body: ReadableStream<Uint8Array>;
}

export interface Pictures {
  /** One read. */
  facts(fingerprint: string): Promise<PictureFacts | null>;
  /** One read. */
  recipe(fingerprint: string): Promise<Recipe | null>;
  /** One read where the rendition is stored; otherwise it is made. */
  open(fingerprint: string, rendition: Rendition): Promise<OpenPicture | null>;
}

/** A picture, and whose it is. */
export interface NamedPicture {
  readonly fingerprint: string;
  readonly namespace: string;
}

export interface TaskIds {
  seal(handle: TaskHandle): Promise<string>;
  open(id: string): Promise<TaskHandle | null>;
}

/** Pictures that callers put here to name them later. */
export interface Uploads {
  put(
    file: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string; readonly field: string },
    id: string | null,
  ): Promise<StoredUpload>;
  find(id: string): Promise<StoredUpload | null>;
  bytes(id: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** A ticket that lets its holder put one upload under a new id. */
  promise(): Promise<{ readonly id: string; readonly ticket: string }>;
  /** The id that a ticket is for; null when it is not one of ours. */
  redeem(ticket: string): Promise<string | null>;
}

/** Everything that the pipeline may touch outside itself. */
export interface Ports {
  readonly renders: Renders;
  readonly accounts: Accounts;
  readonly refusals: Pick<RefusalMemory, 'recall' | 'remember' | 'noteAsked'>;
  readonly hitCharge: Pick<HitCharge, 'priceMicros' | 'take' | 'takeOnce'>;
  readonly pictures: Pictures;
  readonly taskIds: TaskIds;
  readonly waitSeconds: number;
  /** The operator's own origins, which webhooks may reach although they are not public. */
  readonly trustedOrigins: readonly string[];
  readonly uploads: Uploads;
  admitReference(source: ReferenceSource, own: OwnPictures): Promise<Reference>;
  /** An account's settled tasks, newest first. */
  readonly settledTasks: Pick<TaskList, 'page'>;
  /** What each provider could do about a request. */
  offers(request: ImageRequest, preference: Preference): readonly Offer[];
  /** The vendor keys that an account stored, the oldest first. Reads a table, or remembers. */
  storedKeys(accountId: string): Promise<readonly SealedKey[]>;
  /** The request that would be made, by whom, at what price. @throws Fault `no_provider`. */
  choose(request: ImageRequest, preference: Preference): Choice;
  /** Of offers that are exact, the one that would be taken just now. Asks the gate: not for the way of a hit. */
  likeliest(offers: readonly Offer[]): Promise<Offer | undefined>;
  /** Encrypts a caller's own vendor key, for the Render object to keep while it needs it. */
  sealKey(key: string): Promise<string>;
  /** The URL of a rendition on `origin`, signed where it must be: of a private picture, one that expires. */
  pictureUrl(origin: string, picture: NamedPicture, rendition: Rendition): Promise<string>;
  /** The same of a picture's recipe. */
  recipeUrl(origin: string, picture: NamedPicture): Promise<string>;
  /** A URL of the same bytes that stops working after a while. */
  temporaryUrl(pictureUrl: string): Promise<string>;
  /** The picture's own URL behind a temporary one; null when that has expired or is not one of ours. */
  openTemporaryUrl(temporaryUrl: string): Promise<string | null>;
  count(counted: Counted, defer: (work: Promise<void>) => void): void;
  drawSeed(): number;
  /** The seed of an order that has none but an idempotency key: always the same one. */
  seedOfKey(accountId: string, idempotencyKey: string): Promise<number>;
  drawNonce(): string;
  now(): number;
}

/** What a caller says about who is to make the picture, in headers that every dialect takes. */
export interface CallerPreference extends Preference {
  /** The caller's own key for that vendor; null: the operator's. */
  readonly providerKey: string | null;
  /** Names the order across retries; null: each is an order of its own. */
  readonly idempotencyKey: string | null;
  /** Whether the client says that it sends the order again. */
  readonly isRetry: boolean;
}

/** Who asks, from where. */
export interface Caller {
  readonly account: Account;
  /** Null: the development key. */
  readonly key: ApiKey | null;
  /** What else limits what it may spend, besides its account and its key. */
  readonly allowances?: readonly Allowance[];
  /** For how long a picture that the account could not have is not tried again; absent: it is tried at once. */
  readonly restAfterFailureMs?: number;
  readonly dialect: string;
  readonly preference: CallerPreference;
  /** scheme://host:port that the caller used. */
  readonly origin: string;
  /** Keeps the Worker alive for work after the answer. */
  readonly defer: (work: Promise<void>) => void;
  /** Told what the account is charged, each time that something is: hits, and purchases that ended. */
  readonly noteCharge?: (micros: number) => void;
}
