export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly json: unknown;
}
/** An answer, a failure of the network, or what depends on the request. */
export type Step = Response | Error | ((request: SentRequest, signal: AbortSignal | undefined) => Promise<Response>);

/** A `fetch` that answers as it is told, one step for each request, and remembers what was sent. */
export function scriptedFetch(...steps: readonly Step[]) {
  const sent: SentRequest[] = [];
  const fetch = async (url: string, init: RequestInit = {}) => {
    const { pathname, search } = new URL(url);
    const request = {
      method: init.method ?? 'GET',
      path: pathname + search,
      headers: new Headers(init.headers),
      json: typeof init.body === 'string' ? JSON.parse(init.body) : null,
    };
    const step = steps[sent.length];
    sent.push(request);
    if (step === undefined) throw new Error(`Nobody expected ${request.method} ${request.path}.`);
    if (step instanceof Error) throw step;
    return step instanceof Response ? step : await step(request, init.signal ?? undefined);
  };
  return { fetch, sent };
}

/** What the network says when there is no answer. */
export const lostConnection = () => new TypeError('fetch failed');

/** The answer to an order whose picture is still to be made. */
export const accepted = (id = 'task-1') => Response.json({ id, cost: 5 }, { headers: { 'x-fluxgate-task': id } });

/** The answer to an order whose picture is stored. */
export function hit(id = 'task-1'): Response {
  return Response.json(
    { id, cost: 5 },
    {
      headers: {
        'x-fluxgate-picture': `https://pictures.test/images/${'a'.repeat(64)}.png`,
        'x-fluxgate-width': '64',
        'x-fluxgate-height': '32',
        'x-fluxgate-seed': '7',
        'x-fluxgate-fingerprint': 'a'.repeat(64),
        'x-fluxgate-source': 'hit',
        'x-fluxgate-provider': 'bfl',
      },
    },
  );
}

/** An error as our own routes word it. */
export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ error: { code, message: `It is ${code}.`, issues: [] } }, { status, headers });
}

/** A task as the service tells it. */
export function wireTask(status: string, progress = 0) {
  const isReady = status === 'ready';
  const picture = { url: 'https://pictures.test/images/b.png', content_type: 'image/png', width: 64, height: 32 };
  return {
    object: 'task',
    ...{
      id: 'task-1',
      status,
      progress,
      fingerprint: 'b'.repeat(64),
      source: 'bought',
      provider: 'bfl',
      sandbox: false,
    },
    ...{ seed: 7, created_at: '2026-11-21T00:00:00.000Z', started_at: null, ended_at: null },
    cost: { quoted_micros: 50_000, actual_micros: 40_000, input_megapixels: 0, output_megapixels: 1 },
    picture: isReady ? picture : null,
    error: status === 'failed' ? { code: 'provider_failed', message: 'The vendor failed.', issues: [] } : null,
  };
}

/** A stream of events, each an id and a task; it ends, or breaks, after them. */
export function events(...told: readonly (readonly [string, ReturnType<typeof wireTask>])[]): Response {
  const text = told.map(([id, task]) => `event: ${task.status}\nid: ${id}\ndata: ${JSON.stringify(task)}\n\n`).join('');
  return new Response(`: still here\n\n${text}`, { headers: { 'content-type': 'text/event-stream' } });
}
