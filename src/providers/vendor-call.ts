import { Fault } from '../core/fault';
import { GuardError, guardedFetch } from '../core/guarded-fetch';
import { limits } from '../core/image-request';
import type { ProviderContext, ProviderSettings } from '../core/provider';

/** One call to a vendor's own API. */
export interface VendorCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a form. */
  readonly body?: unknown;
  readonly form?: FormData;
  readonly timeoutMs: number;
}

/** What came back, read whole. `json` is undefined where the body is not JSON. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly text: string;
}

/** How long a vendor may take to accept a task, and to finish a picture while the call is held open. */
export const acceptTimeoutMs = 60_000;
export const syncTimeoutMs = 300_000;
export const pollTimeoutMs = 20_000;

const largestAnswerBytes = 64 * 1024 * 1024;
const reachableForMs = 60_000;
const lastAnswers = new Map<string, number>();

/**
 * Calls a vendor. Redirects are not followed: what an API answers with one is not its own answer.
 * @throws GuardError when there is no whole answer.
 */
export async function callVendor(
  context: ProviderContext,
  settings: ProviderSettings,
  call: VendorCall,
): Promise<VendorAnswer> {
  const request = call.form === undefined ? jsonRequest(call) : await formRequest(call, call.form);
  const response = await guardedFetch(
    context.fetch,
    { url: call.url, method: call.method, ...request },
    {
      trustedOrigins: [new URL(settings.baseUrl).origin],
      timeoutMs: call.timeoutMs,
      maximumBytes: largestAnswerBytes,
      maximumRedirects: 0,
    },
  );
  lastAnswers.set(new URL(call.url).origin, context.now());
  const text = new TextDecoder().decode(response.bytes);
  return { status: response.status, headers: response.headers, json: readJson(text), text };
}

/**
 * Whether a vendor answers at all. Asked before a purchase unless it answered within the last minute: once a request
 * is sent, a connection that breaks leaves open whether it was bought, and before that it does not.
 */
export async function isReachable(context: ProviderContext, { baseUrl }: ProviderSettings): Promise<boolean> {
  const { origin } = new URL(baseUrl);
  const known = lastAnswers.get(origin);
  if (known !== undefined && context.now() - known < reachableForMs) return true;
  try {
    const options = { trustedOrigins: [origin], timeoutMs: 5_000, maximumBytes: 1_000_000, maximumRedirects: 0 };
    await guardedFetch(context.fetch, { url: `${origin}/`, method: 'HEAD' }, options);
  } catch (thrown) {
    const isAnswer = thrown instanceof GuardError && (thrown.kind === 'redirect' || thrown.kind === 'too-large');
    if (!isAnswer) return false;
  }
  lastAnswers.set(origin, context.now());
  return true;
}

/**
 * Fetches a picture from wherever the vendor put it: a public https URL, or the operator's own base URL. No key is sent.
 * @throws Fault `provider_failed`; the fetch may be repeated.
 */
export async function downloadPicture(
  context: ProviderContext,
  settings: ProviderSettings,
  url: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (url.startsWith('data:')) return decodeDataUrl(url);
  try {
    const response = await guardedFetch(
      context.fetch,
      { url },
      {
        trustedOrigins: [new URL(settings.baseUrl).origin],
        timeoutMs: 60_000,
        maximumBytes: largestAnswerBytes,
        accept: 'image/*',
      },
    );
    if (response.status === 200) return response.bytes;
    throw new Fault(
      'provider_failed',
      `The provider's picture could not be fetched: its server answered ${response.status}.`,
    );
  } catch (thrown) {
    if (!(thrown instanceof GuardError)) throw thrown;
    throw new Fault('provider_failed', `The provider's picture could not be fetched: ${thrown.message}`, {
      cause: thrown,
    });
  }
}

/** The bytes of bare base64 or of a data URL. @throws Fault `provider_failed`. */
export function decodeDataUrl(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text.slice(text.startsWith('data:') ? text.indexOf(',') + 1 : 0));
  } catch (cause) {
    throw new Fault('provider_failed', 'The provider delivered base64 that cannot be read.', { cause });
  }
}

/** A reference as a data URL, as most vendors take it. */
export function dataUrlOf(bytes: Uint8Array, contentType: string): string {
  if (bytes.length > limits.referenceBytes) throw new Error('A stored reference is larger than it may be.');
  return `data:${contentType};base64,${bytes.toBase64()}`;
}

/**
 * Seconds of a Retry-After header, whole or as a date; undefined where there is none that can be read. One of zero or in
 * the past says no more than "again", and when that is, is for our own back-off to say.
 */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}

function jsonRequest({ headers, body }: VendorCall) {
  if (body === undefined) return { headers: { ...headers, accept: 'application/json' } };
  return {
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

async function formRequest({ headers }: VendorCall, form: FormData) {
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? 'multipart/form-data';
  const body = new Uint8Array(await encoded.arrayBuffer());
  return { headers: { ...headers, accept: 'application/json', 'content-type': type }, body };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
