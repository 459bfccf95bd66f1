import { type Call, call } from './front-door';

export interface Submitted {
  readonly id: string;
  readonly polling_url: string;
  readonly cost: number;
  readonly input_mp: number;
  readonly output_mp: number;
  readonly status?: string;
  readonly webhook_url?: string;
}
export interface Result {
  readonly id: string;
  readonly status: string;
  readonly progress: number | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly preview: null;
  readonly result: {
    readonly sample: string;
    readonly seed: number;
    readonly prompt: string;
    readonly start_time: number;
    readonly end_time: number;
    readonly duration: number;
  } | null;
}

/** Small and quick to draw, with what a test wants to be different. */
export const smallPicture = { width: 64, height: 64, steps: 4, output_format: 'png' } as const;

/** Orders a small picture in BFL's own API. */
export function submit(body: object, options: Call = {}): Promise<Response> {
  return call('/v1/flux-2-flex', { json: { ...smallPicture, ...body }, ...options });
}

/** As {@link submit}, for a test that goes on from what was accepted. */
export async function submitted(body: object, options: Call = {}): Promise<Submitted> {
  const response = await submit(body, options);
  if (response.status !== 200) throw new Error(`Submitting answered ${response.status}: ${await response.text()}`);
  return await response.json<Submitted>();
}

/** The task as it stands. */
export async function look(id: string, options: Call = {}): Promise<Result> {
  const response = await call(`/v1/get_result?id=${id}`, { key: null, ...options });
  return await response.json<Result>();
}

/** The task once it is no longer pending. */
export async function ended(id: string): Promise<Result> {
  for (let tries = 0; tries < 400; tries += 1) {
    const result = await look(id);
    if (result.status !== 'Pending') return result;
    await scheduler.wait(20);
  }
  throw new Error('The task never ended.');
}

/** A small picture once it is ready. */
export async function made(body: object, options: Call = {}): Promise<NonNullable<Result['result']>> {
  const { id } = await submitted(body, options);
  const { status, result } = await ended(id);
  if (result === null) throw new Error(`The task ended as ${status}.`);
  return result;
}

/** The fingerprint in a picture's URL. */
export function fingerprintIn(url: string): string {
  const match = /\/images\/([0-9a-f]{64})\./.exec(url);
  if (match?.[1] === undefined) throw new Error(`${url} has no fingerprint.`);
  return match[1];
}
