import { describe, expect, it } from 'vitest';
import { type Fetch, GuardError, type GuardOptions, guardedFetch } from '../../src/core/guarded-fetch';

interface Call {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyInit | null | undefined;
  readonly redirect: string | undefined;
}

const options: GuardOptions = { trustedOrigins: [], timeoutMs: 2000, maximumBytes: 1000 };
const secrets = {
  authorization: 'Bearer a',
  'x-key': 'b',
  'x-api-key': 'c',
  cookie: 'd=e',
  'x-account': 'f',
  'user-agent': 'fluxgate',
};

/** A network that gives these answers in order, and what it was asked. */
function network(...answers: (() => Response | Promise<Response>)[]): { fetch: Fetch; calls: Call[] } {
  const calls: Call[] = [];
  const fetch: Fetch = async (url, { method = '', headers, body, redirect }) => {
    calls.push({ url, method, headers: Object.fromEntries(new Headers(headers)), body, redirect });
    const answer = answers[calls.length - 1];
    if (answer === undefined) throw new TypeError('no route');
    return answer();
  };
  return { fetch, calls };
}

const redirect = (location: string, status = 302) => new Response(null, { status, headers: { location } });

/** A body that goes on until nobody reads it any more. */
function endless(onCancel: () => void = () => undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(400)),
    cancel: onCancel,
  });
}

const silence = () => new Promise<Response>(() => undefined);

async function failure(promised: Promise<unknown>): Promise<GuardError> {
  const thrown = await promised.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (thrown instanceof GuardError) return thrown;
  throw new Error('expected a GuardError', { cause: thrown });
}

describe('guardedFetch', () => {
  it('returns the whole answer, whatever its status, and no cookie', async () => {
    const headers = { 'set-cookie': 'a=b', 'x-id': '1' };
    const { fetch, calls } = network(() => new Response('gone', { status: 410, headers }));
    const request = { url: 'https://example.com/a', headers: secrets };
    const answer = await guardedFetch(fetch, request, { ...options, accept: 'image/*' });
    expect(answer).toMatchObject({ status: 410, url: 'https://example.com/a' });
    expect(new TextDecoder().decode(answer.bytes)).toBe('gone');
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'x-id': '1' });
    expect(answer.headers.has('set-cookie')).toBe(false);
    expect(calls[0]).toMatchObject({ method: 'GET', redirect: 'manual', body: null });
    expect(calls[0]?.headers).toMatchObject({ 'x-key': 'b', accept: 'image/*' });
    expect(calls[0]?.headers).not.toHaveProperty('cookie');
  });

  it('asks nobody for a URL that the guard refuses', async () => {
    const { fetch, calls } = network();
    const error = await failure(guardedFetch(fetch, { url: 'https://169.254.169.254/' }, options));
    expect(error).toMatchObject({ kind: 'address' });
    expect(error.message).toBe('The URL cannot be fetched: expected a URL on a public host.');
    expect(calls).toEqual([]);
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'http://example.com/',
    '//localhost/a',
    'https://10.0.0.1.nip.io/',
    'https://user:password@example.com/',
    'file:///etc/passwd',
    'https://',
    `/${'a'.repeat(2100)}`,
  ])('does not follow a redirect to %s', async (location) => {
    const { fetch, calls } = network(() => redirect(location));
    const error = await failure(guardedFetch(fetch, { url: 'https://example.com/' }, options));
    expect(error.kind).toBe('redirect');
    expect(calls).toHaveLength(1);
  });

  it('follows redirects on one origin with all headers, and tells where it ended', async () => {
    const { fetch, calls } = network(
      () => redirect('/b'),
      () => redirect('c', 308),
      () => new Response('ok'),
    );
    const answer = await guardedFetch(fetch, { url: 'https://example.com/a', headers: secrets }, options);
    expect(answer.url).toBe('https://example.com/c');
    expect(calls[2]?.headers).toMatchObject({ authorization: 'Bearer a', 'x-key': 'b' });
  });

  it('drops every header that may be a credential at another origin, and does not bring it back', async () => {
    const { fetch, calls } = network(
      () => redirect('https://example.com:8443/'),
      () => redirect('https://example.com/'),
      () => new Response('ok'),
    );
    await guardedFetch(fetch, { url: 'https://example.com/', headers: secrets }, { ...options, accept: 'image/*' });
    for (const call of calls.slice(1)) expect(call.headers).toEqual({ accept: 'image/*', 'user-agent': 'fluxgate' });
  });

  it.each([
    [303, 'POST', 'GET', null],
    [302, 'POST', 'GET', null],
    [301, 'POST', 'GET', null],
    [307, 'POST', 'POST', 'body'],
    [308, 'PUT', 'PUT', 'body'],
    [302, 'PUT', 'PUT', 'body'],
  ])('after a %i to a %s sends a %s', async (status, method, nextMethod, body) => {
    const { fetch, calls } = network(
      () => redirect('/next', status),
      () => new Response('ok'),
    );
    const headers = { 'content-type': 'text/plain' };
    await guardedFetch(fetch, { url: 'https://example.com/', method, headers, body: 'body' }, options);
    expect(calls[1]).toMatchObject({ method: nextMethod, body });
    expect('content-type' in (calls[1]?.headers ?? {})).toBe(body !== null);
  });

  it('never sends a body to another origin', async () => {
    const { fetch, calls } = network(() => redirect('https://example.org/', 307));
    const request = { url: 'https://example.com/', method: 'POST', body: 'a secret' };
    expect((await failure(guardedFetch(fetch, request, options))).kind).toBe('redirect');
    expect(calls).toHaveLength(1);
  });

  it.each([
    [undefined, 4],
    [0, 1],
    [1, 2],
  ])('with %s redirects allowed asks at most %i times', async (maximumRedirects, expected) => {
    const { fetch, calls } = network(...Array(9).fill(() => redirect('/again')));
    const allowed = maximumRedirects === undefined ? options : { ...options, maximumRedirects };
    expect((await failure(guardedFetch(fetch, { url: 'https://example.com/' }, allowed))).kind).toBe('redirect');
    expect(calls).toHaveLength(expected);
  });

  it('takes a redirect status without a location for an answer', async () => {
    const { fetch } = network(() => new Response(null, { status: 304 }));
    expect((await guardedFetch(fetch, { url: 'https://example.com/' }, options)).status).toBe(304);
  });

  it('follows to a private origin only where the operator trusts it', async () => {
    const answers = [() => redirect('http://localhost:8787/a'), () => new Response('ok')];
    const trusting = { ...options, trustedOrigins: ['http://localhost:8787'] };
    const answer = await guardedFetch(network(...answers).fetch, { url: 'https://example.com/' }, trusting);
    expect(answer.url).toBe('http://localhost:8787/a');
  });

  it('reads nothing of an answer that says it is too large', async () => {
    let isCancelled = false;
    const body = endless(() => {
      isCancelled = true;
    });
    const { fetch } = network(() => new Response(body, { headers: { 'content-length': '1001' } }));
    expect((await failure(guardedFetch(fetch, { url: 'https://example.com/' }, options))).kind).toBe('too-large');
    expect(isCancelled).toBe(true);
  });

  it('stops reading an answer that becomes too large, whatever it said', async () => {
    let isCancelled = false;
    const body = endless(() => {
      isCancelled = true;
    });
    const { fetch } = network(() => new Response(body));
    const error = await failure(guardedFetch(fetch, { url: 'https://example.com/' }, options));
    expect(error).toMatchObject({ kind: 'too-large', message: 'The answer is larger than 1000 bytes.' });
    expect(isCancelled).toBe(true);
  });

  it('takes an answer of exactly the limit', async () => {
    const { fetch } = network(() => new Response(new Uint8Array(1000).fill(7)));
    const { bytes } = await guardedFetch(fetch, { url: 'https://example.com/' }, options);
    expect(bytes).toEqual(new Uint8Array(1000).fill(7));
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['nobody answers', silence],
    ['the body stalls', () => new Response(new ReadableStream({ pull: () => silence().then(() => undefined) }))],
  ])('gives up in time when %s', async (_, answer) => {
    const { fetch } = network(answer);
    const hurried = { ...options, timeoutMs: 30 };
    const error = await failure(guardedFetch(fetch, { url: 'https://example.com/' }, hurried));
    expect(error).toMatchObject({ kind: 'timeout', message: 'The URL did not answer in full within 0.03 seconds.' });
  });

  it('has one time limit for all redirects together', async () => {
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return redirect('/again');
    };
    const { fetch } = network(...Array(9).fill(slow));
    const hurried = { ...options, timeoutMs: 60, maximumRedirects: 9 };
    expect((await failure(guardedFetch(fetch, { url: 'https://example.com/' }, hurried))).kind).toBe('timeout');
  });

  it('aborts the request when the time is over', async () => {
    let signal: AbortSignal | null | undefined;
    const fetch: Fetch = (_, init) => {
      signal = init.signal;
      return silence();
    };
    await failure(guardedFetch(fetch, { url: 'https://example.com/' }, { ...options, timeoutMs: 20 }));
    expect(signal?.aborted).toBe(true);
  });

  it('says of a failed connection only that it failed', async () => {
    const error = await failure(guardedFetch(network().fetch, { url: 'https://secret.example.com/?token=1' }, options));
    expect(error).toMatchObject({ kind: 'network', message: 'The URL could not be reached.' });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('says of a body that broke off that it did', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    const { fetch } = network(() => new Response(body));
    const error = await failure(guardedFetch(fetch, { url: 'https://example.com/' }, options));
    expect(error).toMatchObject({ kind: 'network', message: 'The answer broke off.' });
  });
});
