import type { Fetch } from '../../src/core/guarded-fetch';
import type { ImageRequest } from '../../src/core/image-request';
import type {
  AiBinding,
  Output,
  Progress,
  Provider,
  ProviderContext,
  ProviderEntry,
  Ticket,
} from '../../src/core/provider';
import { Shop, type SimulatedReply, type Simulator } from '../vendors/simulator';

/** One request as it left the adapter. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly json: unknown;
}

/** A provider wired to its simulator without a network: its clock is turned by hand. */
export interface SimulatedVendor {
  readonly provider: Provider;
  readonly shop: Shop;
  readonly context: ProviderContext;
  readonly origin: string;
  /** Everything that was sent, in order. */
  readonly sent: SentRequest[];
  passTime(milliseconds: number): void;
}

export interface SimulatedVendorOptions {
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly accountId?: string;
  readonly ai?: AiBinding;
  /** References by their digest. */
  readonly files?: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Answers instead of the simulator; null: the simulator does. */
  readonly intercept?: (request: SentRequest) => SimulatedReply | null;
}

let nextPort = 20_000;

/** Each has an origin of its own, as what is known of an origin is remembered. */
export function simulatedVendor(
  entry: ProviderEntry,
  simulator: Simulator,
  options: SimulatedVendorOptions = {},
): SimulatedVendor {
  const clock = { now: 1_800_000_000_000 };
  const shop = new Shop(() => clock.now, simulator.concurrency);
  const origin = new URL(options.baseUrl ?? `http://127.0.0.1:${nextPort++}`).origin;
  const sent: SentRequest[] = [];
  const provider = entry.create({
    apiKey: options.apiKey ?? simulator.key,
    baseUrl: options.baseUrl ?? origin,
    accountId: options.accountId ?? null,
    ai: options.ai ?? null,
  });
  const fetch: Fetch = async (url, init) => {
    const request = readRequest(url, init);
    sent.push(request);
    const reply = options.intercept?.(request) ?? (await answer(request, { simulator, shop, origin }));
    return await responseOf(reply, init.signal ?? null);
  };
  const readReference: ProviderContext['readReference'] = async ({ sha256 }) =>
    options.files?.get(sha256) ?? Promise.reject(new Error(`There is no reference ${sha256}.`));
  return {
    ...{ provider, shop, origin, sent },
    context: { fetch, readReference, now: () => clock.now },
    passTime: (milliseconds) => {
      clock.now += milliseconds;
    },
  };
}

/** Buys, and gives back the ticket. */
export async function accepted(vendor: SimulatedVendor, request: ImageRequest): Promise<Ticket> {
  const submission = await vendor.provider.submit(request, vendor.context);
  if (submission.kind === 'accepted') return submission.ticket;
  throw new Error(`The submit was ${submission.kind}: ${JSON.stringify(submission)}`);
}

/** Polls until the task has an end, and counts the polls that failed. */
export async function followed(
  vendor: SimulatedVendor,
  ticket: Ticket,
): Promise<{ end: Progress; failedPolls: number }> {
  let failedPolls = 0;
  for (let polls = 0; polls < 100; polls += 1) {
    const progress = await vendor.provider.check(ticket, vendor.context).catch(() => null);
    if (progress === null) failedPolls += 1;
    else if (progress.kind !== 'pending') return { end: progress, failedPolls };
    vendor.passTime(progress?.pollAfterMs ?? 500);
  }
  throw new Error('The task did not end.');
}

/** The bytes of a finished picture, and how many downloads failed before. */
export async function collected(
  vendor: SimulatedVendor,
  output: Output,
  request: ImageRequest,
  isGood: (bytes: Uint8Array) => boolean,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; failedDownloads: number }> {
  for (let failedDownloads = 0; failedDownloads < 8; failedDownloads += 1) {
    const bytes = await vendor.provider.collect(output, request, vendor.context).catch(() => null);
    if (bytes !== null && isGood(bytes)) return { bytes, failedDownloads };
  }
  throw new Error('The picture could not be collected.');
}

function readRequest(url: string, init: RequestInit): SentRequest {
  const body = typeof init.body === 'string' ? new TextEncoder().encode(init.body) : init.body;
  const bytes = body instanceof Uint8Array ? Uint8Array.from(body) : new Uint8Array();
  const headers = new Headers(init.headers);
  return { method: init.method ?? 'GET', url: new URL(url), headers, body: bytes, json: jsonIn(bytes) };
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

interface Counter {
  readonly simulator: Simulator;
  readonly shop: Shop;
  readonly origin: string;
}

async function answer(request: SentRequest, { simulator, shop, origin }: Counter): Promise<SimulatedReply> {
  const { method, url, headers, body, json } = request;
  if (url.origin !== origin) return { status: 0, isHangUp: true };
  if (method === 'HEAD') return { status: 404 };
  const { pathname: path, searchParams: query } = url;
  return await simulator.handle(
    { ...{ method, origin, path, query, body, json }, headers: Object.fromEntries(headers) },
    shop,
  );
}

async function responseOf(reply: SimulatedReply, signal: AbortSignal | null): Promise<Response> {
  const { status, headers = {}, json, body, isHangUp, delayMs } = reply;
  if (delayMs !== undefined) await passed(delayMs, signal);
  if (isHangUp) throw new TypeError('Network connection lost.');
  if (json === undefined) return new Response(body ?? '', { status, headers });
  return Response.json(json, { status, headers });
}

function passed(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds);
  signal?.addEventListener('abort', () => {
    clearTimeout(timer);
    over.reject(signal.reason);
  });
  return over.promise;
}
