import { afterEach, describe, expect, it, vi } from 'vitest';
import { ended, follow, imageIn, okay, type Result, run, type Submitted, submit } from '../support/fal-caller';
import { type Arrived, catchWebhooks, firstOf, isGenuine, keySet } from '../support/fal-webhooks';
import { origin } from '../support/front-door';

const host = 'hooks.example.com';
const query = `?fal_webhook=${encodeURIComponent(`https://${host}/fal?order=7`)}`;
const bodyOf = ({ body }: Arrived) => JSON.parse(new TextDecoder().decode(body));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a webhook', () => {
  it('tells a picture with its payload, as the result has it', async () => {
    const arrived = catchWebhooks(host);
    const accepted = await (await submit({ prompt: 'fal: told' }, { query })).json<Submitted>();
    expect(accepted.gateway_request_id).toBe(accepted.request_id);
    const webhook = await firstOf(arrived);
    expect(webhook.url).toBe(`https://${host}/fal?order=7`);
    expect(webhook.headers.get('content-type')).toBe('application/json');
    const payload = await okay<Result>(await follow(accepted.response_url));
    expect(bodyOf(webhook)).toEqual({
      request_id: accepted.request_id,
      gateway_request_id: accepted.request_id,
      status: 'OK',
      error: null,
      payload,
      payload_error: null,
    });
    expect(new URL(imageIn(payload).url).origin).toBe(origin);
  });

  it.each([
    { trigger: 'sandbox:moderated-request', detail: [{ type: 'content_policy_violation' }] },
    { trigger: 'sandbox:error', detail: expect.any(String) },
  ])('tells $trigger as an error, with what the result answers', async ({ trigger, detail }) => {
    const arrived = catchWebhooks(host);
    const accepted = await (await submit({ prompt: `fal: told ${trigger}` }, { query })).json<Submitted>();
    const body = bodyOf(await firstOf(arrived));
    expect(body).toMatchObject({ status: 'ERROR', payload: { detail }, payload_error: null });
    expect(body.error).toBe(body.payload.message);
    expect(body.payload).toEqual(await (await follow(accepted.response_url)).json());
  });

  it('tells a picture that is stored already, and one that a caller waits for', async () => {
    const arrived = catchWebhooks(host);
    const result = await okay<Result>(await run({ prompt: 'fal: told twice', seed: 1 }, { query }));
    await firstOf(arrived);
    const accepted = await (await submit({ prompt: 'fal: told twice', seed: 1 }, { query })).json<Submitted>();
    await vi.waitFor(() => expect(arrived).toHaveLength(2), 5_000);
    const [first, second] = arrived.map(bodyOf);
    expect(first.payload).toEqual(result);
    expect(second).toMatchObject({ request_id: accepted.request_id, payload: result });
  });

  it('names the picture by its URL in sync_mode too', async () => {
    const arrived = catchWebhooks(host);
    await submit({ prompt: 'fal: told in sync_mode', sync_mode: true }, { query });
    expect(imageIn(bodyOf(await firstOf(arrived)).payload).url).toMatch(/^http:\/\/127\.0\.0\.1\/images\//);
  });

  it('is not sent where none is asked for', async () => {
    const arrived = catchWebhooks(host);
    const accepted = await (await submit({ prompt: 'fal: untold' }, { query: '?fal_webhook=' })).json<Submitted>();
    expect(accepted).not.toHaveProperty('gateway_request_id');
    await ended(accepted);
    await scheduler.wait(50);
    expect(arrived).toEqual([]);
  });
});

describe('the signature of a webhook', () => {
  it('is verified by the published keys, and by them alone', async () => {
    const arrived = catchWebhooks(host);
    const accepted = await (await submit({ prompt: 'fal: signed' }, { query })).json<Submitted>();
    const webhook = await firstOf(arrived);
    expect(webhook.headers.get('x-fal-webhook-request-id')).toBe(accepted.request_id);
    expect(webhook.headers.get('x-fal-webhook-user-id')).not.toBe('dev');
    expect(await isGenuine(webhook, await keySet())).toBe(true);
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
    if (!('publicKey' in pair)) throw new Error('No pair of keys.');
    const other = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey;
    expect(await isGenuine(webhook, [other])).toBe(false);
    expect(await isGenuine(webhook, [other, ...(await keySet('/fal/rest/.well-known/jwks.json'))])).toBe(true);
  });

  it.each(['request-id', 'user-id', 'timestamp', 'signature', 'body'])('holds for no other %s', async (part) => {
    const arrived = catchWebhooks(host);
    await submit({ prompt: `fal: forged ${part}` }, { query });
    const webhook = await firstOf(arrived);
    const headers = new Headers(webhook.headers);
    const name = `x-fal-webhook-${part}`;
    if (part !== 'body')
      headers.set(
        name,
        (headers.get(name) ?? '').replace(/.$/, (last) => (last === '1' ? '2' : '1')),
      );
    const body = part === 'body' ? new Uint8Array([...webhook.body, 32]) : webhook.body;
    expect(await isGenuine({ ...webhook, headers, body }, await keySet())).toBe(false);
  });

  it('has public keys without anything private in them', async () => {
    const keys = await keySet();
    expect(keys).toEqual([{ kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/) }]);
  });
});
