import { joinBytes } from './containers/byte-parts';
import { type Deadline, startDeadline } from './guarded/deadline';
import { GuardError } from './guarded/guard-error';
import { firstHop, type GuardedRequest, type Hop, nextHop } from './guarded/hop';

export { GuardError, type GuardErrorKind } from './guarded/guard-error';
export type { GuardedRequest } from './guarded/hop';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface GuardOptions {
  /** The operator's own origins, which may be http and private. See `checkPublicUrl`. */
  readonly trustedOrigins: readonly string[];
  /** For all of it: every redirect, and the body to its last byte. */
  readonly timeoutMs: number;
  /** Of the body, decompressed. */
  readonly maximumBytes: number;
  /** 3 where absent; 0 follows none. */
  readonly maximumRedirects?: number;
  /** The `accept` header, wherever it leads. */
  readonly accept?: string;
}

export interface GuardedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the answer came from, after the redirects. */
  readonly url: string;
}

/**
 * Fetches a URL that nobody vouches for, and holds the whole answer. Any status is an answer, a failure is not.
 * Each redirect is checked as the first URL was. Headers are for one origin: of those
 * that the caller gave, only a few that hold no secret go along to another, and a body never does. Cookies are neither
 * sent nor returned.
 * @throws GuardError
 */
export async function guardedFetch(
  fetch: Fetch,
  request: GuardedRequest,
  options: GuardOptions,
): Promise<GuardedResponse> {
  const deadline = startDeadline(options.timeoutMs);
  try {
    return await follow({ fetch, options, deadline }, firstHop(request, options.trustedOrigins));
  } finally {
    deadline.end();
  }
}

const defaultRedirects = 3;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface Fetching {
  readonly fetch: Fetch;
  readonly options: GuardOptions;
  readonly deadline: Deadline;
}

async function follow(fetching: Fetching, first: Hop): Promise<GuardedResponse> {
  const { options } = fetching;
  let hop = first;
  for (let rest = options.maximumRedirects ?? defaultRedirects; ; rest -= 1) {
    const response = await send(fetching, hop);
    const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return { ...(await receive(fetching, response)), url: hop.url.href };
    discard(response);
    if (rest === 0) throw new GuardError('redirect', 'The URL redirects too often.');
    hop = nextHop(hop, { status: response.status, location }, options.trustedOrigins);
  }
}

async function send({ fetch, options, deadline }: Fetching, hop: Hop): Promise<Response> {
  const { url, method, body } = hop;
  const headers = new Headers(hop.headers);
  if (options.accept !== undefined) headers.set('accept', options.accept);
  const init: RequestInit = { method, headers, body, redirect: 'manual', signal: deadline.signal };
  return deadline.race(fetch(url.href, init), 'The URL could not be reached.');
}

async function receive(fetching: Fetching, response: Response): Promise<Omit<GuardedResponse, 'url'>> {
  const headers = new Headers(response.headers);
  headers.delete('set-cookie');
  return { status: response.status, headers, bytes: await readBody(fetching, response) };
}

async function readBody({ options, deadline }: Fetching, response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const { maximumBytes } = options;
  const tooLarge = new GuardError('too-large', `The answer is larger than ${maximumBytes} bytes.`);
  if (response.body === null) return new Uint8Array();
  if (Number(response.headers.get('content-length')) > maximumBytes) {
    discard(response);
    throw tooLarge;
  }
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (;;) {
      const { done, value } = await deadline.race(reader.read(), 'The answer broke off.');
      if (done) return joinBytes(chunks);
      sizeBytes += value.byteLength;
      if (sizeBytes > maximumBytes) throw tooLarge;
      chunks.push(value);
    }
  } catch (thrown) {
    reader.cancel().catch(() => undefined);
    throw thrown;
  }
}

/** Lets go of a body that nobody reads. That it fails changes nothing. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
