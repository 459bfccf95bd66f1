import { Agent, request } from 'node:http';

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The caller hangs up after so long. */
  readonly hangUpMs?: number;
}
/** An answer, or none. Times are milliseconds since 1970. */
export type Exchange = Asked & End;
export type Answered = Extract<Exchange, { readonly kind: 'answered' }>;

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly method: string;
  readonly url: string;
}
type End =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  /** The connection broke; `headers` are there where the answer had begun. */
  | { readonly kind: 'lost'; readonly why: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'hung-up' };

/** No answer may take longer than this. */
const patienceMs = 90_000;
/** Why a connection was given up that nobody broke. */
export const hangs = `no answer after ${patienceMs} ms`;
/** A connection for each request: none is left over from a service that was killed. */
const agent = new Agent({ keepAlive: false, maxSockets: 250 });

/** One request over a connection of its own. Never rejects. */
export function exchange(url: string, { method, headers = {}, json, hangUpMs }: Asking = {}): Promise<Exchange> {
  const from = Date.now();
  const body = json === undefined ? null : JSON.stringify(json);
  const used = method ?? (body === null ? 'GET' : 'POST');
  const sent = body === null ? headers : { 'content-type': 'application/json', ...headers };
  return new Promise((resolve) => {
    let told: Record<string, string> = {};
    const settle = (end: End) => {
      clearTimeout(timer);
      resolve({ from, to: Date.now(), method: used, url, ...end });
    };
    const lose = (why: string) => settle({ kind: 'lost', why, headers: told });
    const outgoing = request(url, { method: used, headers: sent, agent }, (incoming) => {
      told = plain(incoming.headers);
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', (error) => lose(error.message));
      incoming.on('end', () =>
        settle({ kind: 'answered', status: incoming.statusCode ?? 0, headers: told, body: Buffer.concat(chunks) }),
      );
    });
    const timer = setTimeout(() => {
      if (hangUpMs === undefined) lose(hangs);
      else settle({ kind: 'hung-up' });
      outgoing.destroy();
    }, hangUpMs ?? patienceMs);
    outgoing.on('error', (error) => lose(error.message));
    outgoing.end(body ?? undefined);
  });
}

/** The answer as JSON; an empty object where it is none. */
export function jsonOf<Body>({ body }: Answered): Partial<Body> {
  try {
    return JSON.parse(body.toString()) as Partial<Body>;
  } catch {
    return {};
  }
}

function plain(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
