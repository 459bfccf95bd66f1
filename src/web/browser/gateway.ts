import { errorOfResponse, FluxgateError } from '../../client/fluxgate-error';
import { waitForTask } from '../../client/generate';
import type { Picture } from '../../client/picture';
import type { Quote } from '../../client/quote';
import type { TaskState } from '../../client/task-state';
import { createTransport } from '../../client/transport';
import type { JsonObject } from '../site-facts';
import type { PlacedOrder } from './placed-order';

/** The service that this page belongs to, by the client that anybody may use. */
export type Gateway = ReturnType<typeof createGateway>;

/** The route with all parameters of the model, references up to its limit and every format. */
const orderPath = '/v1/images/generations';

export function createGateway(key: string) {
  const transport = createTransport({ baseUrl: location.origin, key });
  return {
    quote: async (body: JsonObject, signal: AbortSignal) => {
      const query = { dialect: 'openai' };
      return await transport.read<Quote>('/v1/quote', { method: 'POST', query, json: body, signal, repeatable: true });
    },
    /**
     * Orders a picture as a stream, whose headers name the task, and follows the task in its place. The signal cancels
     * it: an order that is on its way is waited for first, since it could not be cancelled by forgetting it.
     */
    make: async (order: PlacedOrder, { signal, onProgress }: Following): Promise<OwnPicture> => {
      const headers = { 'idempotency-key': order.idempotencyKey };
      const json = { ...order.body, stream: true };
      const desk = createTransport({ baseUrl: location.origin, key, fetch: order.fetch });
      const response = await desk.send(orderPath, { method: 'POST', json, headers, repeatable: true });
      const task = response.headers.get('x-fluxgate-task') ?? '';
      await response.body?.cancel();
      let recipeUrl: string | null = null;
      const follow = (state: TaskState) => {
        recipeUrl = state.urls.recipe;
        onProgress(state);
      };
      const picture = await waitForTask(transport, task, { signal, onProgress: follow, cancelOnAbort: true });
      return { ...picture, blob: picture.blob, source: order.sourceOf(picture.source), recipeUrl };
    },
    /** Keeps a reference at the service, so that requests and links can name it. @returns its URL */
    upload: async (file: Blob) => {
      const form = new FormData();
      form.append('asset', file, 'reference');
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch('/api/assets', { method: 'POST', body: form, headers }).catch(unreachable);
      if (!response.ok) throw await errorOfResponse(response);
      const { asset }: { asset: { location: string } } = await response.json();
      return asset.location;
    },
  };
}

/** For what is asked without the client. @throws FluxgateError */
export function unreachable(cause: unknown): never {
  throw new FluxgateError({ code: 'unreachable', message: 'The service cannot be reached.', cause });
}

interface Following {
  readonly signal: AbortSignal;
  readonly onProgress: (task: TaskState) => void;
}

/** A picture with where it is told how it was made, which is signed for a private account. */
export interface OwnPicture extends Picture {
  readonly recipeUrl: string | null;
}

/** What a picture was asked for with. */
export interface Recipe {
  readonly prompt: string | JsonObject;
  readonly references: readonly { readonly sha256: string; readonly content_type: string }[];
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly prompt_upsampling: boolean;
  readonly safety_tolerance: number;
}
export interface StoredRecipe {
  readonly fingerprint: string;
  readonly recipe: Recipe;
  readonly provenance: { readonly provider: string; readonly sandbox: boolean; readonly created_at: string };
  readonly placeholder: { readonly thumbhash: string | null; readonly color: string | null };
  readonly master: { readonly sha256: string; readonly width: number; readonly height: number };
  /** Of the whole picture by format: signed, and ending, where it is private. */
  readonly urls: Readonly<Record<'png' | 'jpeg' | 'webp' | 'avif', string>>;
}

export type { Picture, Quote, TaskState };
