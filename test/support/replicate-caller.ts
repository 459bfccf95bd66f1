import { env } from 'cloudflare:workers';
import Replicate from 'replicate';
import { type Call, call, enter, origin } from './front-door';

export const replicateBase = '/replicate/v1';
export const model = 'black-forest-labs/flux-2-flex';

export interface Prediction {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: string | null;
  readonly logs: string;
  readonly error: string | null;
  readonly status: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly metrics: { readonly predict_time?: number; readonly total_time?: number };
  readonly urls: Readonly<Record<'get' | 'cancel' | 'stream' | 'web', string>>;
}

/** The smallest picture that this API takes, and lossless, so that its size can be read. */
export const smallInput = { aspect_ratio: 'custom', width: 256, height: 256, steps: 4, output_format: 'png' } as const;

/** Asks for a prediction, and waits for it unless the headers say otherwise. */
export function predict(input: object, options: Call = {}): Promise<Response> {
  const headers = { prefer: 'wait', ...options.headers };
  return call(`${replicateBase}/models/${model}/predictions`, { json: { input }, ...options, headers });
}

/** As {@link predict}, of a small picture and for a test that goes on from what was answered. */
export async function predicted(input: object, options: Call = {}): Promise<Prediction> {
  const response = await predict({ ...smallInput, ...input }, options);
  if (response.status !== 201) throw new Error(`Predicting answered ${response.status}: ${await response.text()}`);
  return await response.json<Prediction>();
}

/** The fingerprint of what was asked for. */
export async function fingerprintOf(input: object, options: Call = {}): Promise<string> {
  const response = await predict(input, options);
  const fingerprint = response.headers.get('x-fluxgate-fingerprint');
  if (fingerprint === null) throw new Error(`Predicting answered ${response.status}: ${await response.text()}`);
  return fingerprint;
}

/** The prediction as it stands. */
export async function look(id: string, options: Call = {}): Promise<Prediction> {
  return await (await call(`${replicateBase}/predictions/${id}`, options)).json<Prediction>();
}

/** The prediction once it has ended. */
export async function ended(id: string): Promise<Prediction> {
  for (let tries = 0; tries < 400; tries += 1) {
    const prediction = await look(id);
    if (!['starting', 'processing'].includes(prediction.status)) return prediction;
    await scheduler.wait(20);
  }
  throw new Error('The prediction never ended.');
}

/** What the official client sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly prefer: string | null;
}

type ClientOptions = NonNullable<ConstructorParameters<typeof Replicate>[0]>;

/** The official client, its requests noted and sent in by the front door, but for those that `instead` answers. */
export function replicateClient(
  { at = origin, ...options }: ClientOptions & { readonly at?: string } = {},
  instead: (path: string) => Response | false = () => false,
) {
  const sent: Sent[] = [];
  const fetch = async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname;
    sent.push({ method: request.method, path, prefer: request.headers.get('prefer') });
    return instead(path) || (await enter(request));
  };
  const client = new Replicate({ auth: env.DEV_API_KEY, baseUrl: at + replicateBase, fetch, ...options });
  return { client, sent };
}
