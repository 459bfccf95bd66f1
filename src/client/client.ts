import { followTask, taskPath } from './follow-task';
import { type GenerateOptions, generate, type WaitOptions, waitForTask } from './generate';
import {
  optionsOf,
  orderBody,
  orderHeaders,
  type PictureOptions,
  type PictureOrder,
  type ReferenceInput,
} from './order';
import type { Page } from './page';
import type { Picture } from './picture';
import { type PictureUrlOptions, pictureSrcset, pictureUrl, stepsOf } from './picture-url';
import type { Quote } from './quote';
import type { Account, ApiKey, Balance, Usage, UsageQuery } from './reports';
import { type LinkOptions, type LinkSigner, signedLink } from './signed-link';
import type { ListedTask, TaskState, TasksQuery } from './task-state';
import { type ClientOptions, createTransport, type Transport } from './transport';

/** A task as it stood when it was asked for, and what can be done with it. */
export interface TaskHandle extends TaskState {
  /** Waits for its picture. @throws FluxgateError that says why there is none */
  wait(options?: WaitOptions): Promise<Picture>;
  /** Every change from now on, the last being its end. */
  events(options?: { readonly signal?: AbortSignal }): AsyncGenerator<TaskState>;
  cancel(): Promise<TaskState>;
}

/** What {@link createClient} makes. */
export type Client = ReturnType<typeof createClient>;

/**
 * A client of one Fluxgate service. It holds no state, and needs `fetch` alone.
 * Every method throws a `FluxgateError`.
 *
 * @example
 * const client = createClient({ baseUrl: 'https://pictures.example.com', key });
 * const picture = await client.generate('A red fox in the snow');
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(options);
  return {
    /** Makes a picture, or finds it, and waits until it is there. */
    generate: (order: PictureOrder, waiting: GenerateOptions = {}) => generate(transport, order, waiting),
    /** Makes a picture out of others. */
    edit: (
      prompt: PictureOptions['prompt'],
      references: ReferenceInput | readonly ReferenceInput[],
      { signal, onProgress, timeoutMs, cancelOnAbort, idempotencyKey, ...rest }: EditOptions = {},
    ) => {
      const waiting = { signal, onProgress, timeoutMs, cancelOnAbort, idempotencyKey };
      return generate(transport, { ...rest, prompt, references: listOf(references) }, waiting as GenerateOptions);
    },
    /** What a picture would cost, and who would make it; buys nothing. */
    quote: (order: PictureOrder) => quote(transport, optionsOf(order)),
    /** A task by its id. */
    task: (id: string) => readTask(transport, id),
    /** Cancels a task, and tells how it stands then. Others who wait for the same picture still get theirs. */
    cancel: (id: string) => transport.read<TaskState>(taskPath(id), { method: 'DELETE' }),
    /** What was bought, hit and joined. */
    usage: (query?: UsageQuery) => transport.read<Usage>('/v1/usage', { query }),
    /** The same as a table of comma-separated values. */
    usageCsv: (query?: UsageQuery) => transport.read<string>('/v1/usage', { query: { ...query, format: 'csv' } }),
    balance: () => transport.read<Balance>('/v1/balance'),
    /** A page of the account's tasks, the newest first. */
    tasks: (query?: TasksQuery) => transport.read<Page<ListedTask>>('/v1/tasks', { query }),
    /** The account and the key that this client has. */
    account: () => transport.read<Account & { readonly key: ApiKey }>('/v1/account'),
    /** The URL of a stored picture, or of the one of a fingerprint, in any format and size; asks nobody. */
    url: (picture: string | Pick<Picture, 'fingerprint'>, rendition?: PictureUrlOptions) =>
      pictureUrl(transport.baseUrl, picture, rendition),
    /** An `srcset` of a picture, for an `<img>`: in the widths of the service's own, or in the ladder's steps to others. */
    srcset: (picture: Pick<Picture, 'url' | 'width'>, widths?: readonly number[]) =>
      pictureSrcset(picture, widths && stepsOf(widths)),
    /** A link to a picture that is made when it is first looked at. On a server only: it needs a secret. */
    signedUrl: (order: string | LinkOptions, signer: LinkSigner) =>
      signedLink(transport.baseUrl, optionsOf(order), signer),
  };
}

export type EditOptions = Omit<PictureOptions, 'prompt' | 'references'> & GenerateOptions;

async function quote(transport: Transport, options: PictureOptions): Promise<Quote> {
  const json = await orderBody(options);
  const sending = { method: 'POST', query: { dialect: 'bfl' }, json, repeatable: true };
  return await transport.read<Quote>('/v1/quote', { ...sending, headers: orderHeaders(options) });
}

async function readTask(transport: Transport, id: string): Promise<TaskHandle> {
  const state = await transport.read<TaskState>(taskPath(id));
  return {
    ...state,
    wait: (options = {}) => waitForTask(transport, id, options),
    events: (options) => followTask(transport, id, options?.signal),
    cancel: () => transport.read<TaskState>(taskPath(id), { method: 'DELETE' }),
  };
}

function listOf(references: ReferenceInput | readonly ReferenceInput[]): readonly ReferenceInput[] {
  return Array.isArray(references) ? references : [references as ReferenceInput];
}
