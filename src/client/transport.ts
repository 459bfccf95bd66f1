import { errorOfResponse, FluxgateError } from './fluxgate-error';
import { camelCased } from './letter-case';
import { backOffMs, pause } from './pause';

export interface ClientOptions {
  /** Where the service is, such as `https://pictures.example.com`. */
  readonly baseUrl: string | URL;
  /** An API key. Pictures are public: showing them needs none. */
  readonly key?: string | undefined;
  /** Another way to send requests; `globalThis.fetch` where absent. */
  readonly fetch?: ((request: string, init?: RequestInit) => Promise<Response>) | undefined;
}

export interface Sending {
  readonly method?: string;
  readonly query?: object | undefined;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Whether the same request may be sent twice: so it may where that changes nothing more. Yes, but for POST. */
  readonly repeatable?: boolean;
  /** Without the key, as for pictures: a browser then needs no preflight. */
  readonly keyless?: boolean;
}

/** How requests reach the service. */
export interface Transport {
  readonly baseUrl: string;
  /** The answer, which is a good one. @throws FluxgateError */
  send(path: string, sending?: Sending): Promise<Response>;
  /** Its JSON with camelCase keys; its text where it is something else. */
  read<Value>(path: string, sending?: Sending): Promise<Value>;
}

const mostAttempts = 4;
/** A service that asks for more patience than this is not asked again: the caller decides. */
const longestWaitSeconds = 30;

/** Requests with the key, repeated after a lost connection, 429, 502, 503 and 504 as far as they may be. */
export function createTransport({ baseUrl, key, fetch = globalThis.fetch.bind(globalThis) }: ClientOptions): Transport {
  const base = String(baseUrl).replace(/\/+$/, '');
  const attempt = async (path: string, sending: Sending) => {
    const { query, signal, keyless } = sending;
    const init = requestOf(keyless ? undefined : key, sending);
    const response = await fetch(base + path + queryOf(query), init).catch((cause) => {
      signal?.throwIfAborted();
      throw new FluxgateError({ code: 'unreachable', message: `${base} cannot be reached.`, cause });
    });
    if (!response.ok) throw await errorOfResponse(response);
    return response;
  };
  const send = async (path: string, sending: Sending = {}) => {
    const { signal, method, repeatable = method !== 'POST' } = sending;
    for (let failures = 0; ; failures += 1) {
      signal?.throwIfAborted();
      try {
        return await attempt(path, sending);
      } catch (thrown) {
        const wait = repeatable && failures < mostAttempts - 1 ? waitAfter(thrown, failures) : null;
        if (wait === null) throw thrown;
        await pause(wait, signal);
      }
    }
  };
  return {
    baseUrl: base,
    send,
    read: async (path, sending) => {
      const response = await send(path, sending);
      const isJson = response.headers.get('content-type')?.includes('json');
      return isJson ? camelCased(await response.json()) : ((await response.text()) as never);
    },
  };
}

function requestOf(key: string | undefined, { method = 'GET', json, headers, signal }: Sending): RequestInit {
  const all = {
    // BFL's own API reads the one, all of ours the other.
    authorization: key && `Bearer ${key}`,
    'x-key': key,
    'content-type': json === undefined ? undefined : 'application/json',
    ...headers,
  };
  const given = Object.entries(all).filter((header): header is [string, string] => Boolean(header[1]));
  return {
    method,
    headers: Object.fromEntries(given),
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** How long to wait before the same request is sent again; null: it is not. */
function waitAfter(thrown: unknown, failures: number): number | null {
  if (!(thrown instanceof FluxgateError) || ![0, 429, 502, 503, 504].includes(thrown.status)) return null;
  const { retryAfterSeconds } = thrown;
  if (retryAfterSeconds === null) return backOffMs(failures);
  return retryAfterSeconds > longestWaitSeconds ? null : retryAfterSeconds * 1000 + backOffMs(0);
}

/** The query of the fields that have a value; lists are joined by commas. */
export function queryOf(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
}
