import { env } from 'cloudflare:workers';
import { type Call, call } from './front-door';

export interface Links {
  readonly request_id: string;
  readonly response_url: string;
  readonly status_url: string;
  readonly cancel_url: string;
}
export interface Submitted extends Links {
  readonly status: 'IN_QUEUE';
  readonly queue_position: number;
  readonly gateway_request_id?: string;
}
export interface Log {
  readonly message: string;
  readonly level: string;
  readonly source: string;
  readonly timestamp: string;
}
export interface Status extends Links {
  readonly status: 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';
  readonly queue_position?: number;
  readonly logs?: readonly Log[];
  readonly metrics?: { readonly inference_time: number | null };
  readonly error?: string;
  readonly error_type?: string | null;
}
export interface Result {
  readonly images: readonly {
    readonly url: string;
    readonly content_type: string;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly seed: number;
}
export interface FalError {
  readonly detail: string | readonly { readonly loc: readonly string[]; readonly msg: string; readonly type: string }[];
  readonly message: string;
  readonly error_type?: string;
}
interface FalCall extends Call {
  readonly isEdit?: boolean;
  readonly query?: string;
}

export const model = 'fal-ai/flux-2-flex';

/** Small and quick to draw, with what a test wants to be different. */
export const smallPicture = {
  image_size: { width: 64, height: 64 },
  num_inference_steps: 2,
  output_format: 'png',
} as const;

/** A request with the key as fal's clients send it. */
export function callFal(path: string, { key = env.DEV_API_KEY, headers, ...options }: Call = {}): Promise<Response> {
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Key ${key}` };
  return call(path, { ...options, headers: { ...authorization, ...headers }, key: null });
}

/** Puts a small picture into the queue. */
export function submit(input: object, { isEdit = false, query = '', ...options }: FalCall = {}): Promise<Response> {
  const path = `/fal/${model}${isEdit ? '/edit' : ''}${query}`;
  return callFal(path, { json: { ...smallPicture, ...input }, ...options });
}

/** As {@link submit}, for a test that goes on from what was accepted. */
export async function submitted(input: object, options: FalCall = {}): Promise<Submitted> {
  return await okay<Submitted>(await submit(input, options));
}

/** Asks for a small picture and waits for it. */
export function run(input: object, { isEdit = false, query = '', ...options }: FalCall = {}): Promise<Response> {
  const path = `/fal/run/${model}${isEdit ? '/edit' : ''}${query}`;
  return callFal(path, { json: { ...smallPicture, ...input }, ...options });
}

/** As {@link run}, for a test that goes on from the result. */
export async function made(input: object, options: FalCall = {}): Promise<Result> {
  return await okay<Result>(await run(input, options));
}

/** What one of the URLs in an answer has to say. */
export function follow(url: string, options: Call = {}): Promise<Response> {
  const { pathname, search } = new URL(url);
  return callFal(pathname + search, options);
}

/** The status of a request once it has ended. */
export async function ended({ status_url: url }: Pick<Links, 'status_url'>, query = ''): Promise<Status> {
  for (let tries = 0; tries < 400; tries += 1) {
    const status = await (await follow(url + query)).json<Status>();
    if (status.status === 'COMPLETED') return status;
    await scheduler.wait(20);
  }
  throw new Error('The request never ended.');
}

/** The answer to who asks for the result of a request once it has ended. */
export async function resultOf(links: Links): Promise<Response> {
  await ended(links);
  return await follow(links.response_url);
}

/** The first picture of a result. */
export function imageIn({ images }: Result): Result['images'][number] {
  const [image] = images;
  if (image === undefined) throw new Error('The result has no picture.');
  return image;
}

/** The fingerprint that an answer tells in its headers. */
export function fingerprintOf(response: Response): string {
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}

/** The body of an answer that must be a good one. */
export async function okay<Body>(response: Response): Promise<Body> {
  if (response.status !== 200) throw new Error(`Answered ${response.status}: ${await response.text()}`);
  return await response.json<Body>();
}
