import { Webhook } from 'standardwebhooks';
import { describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';
import { pictureAt } from '../support/fetched-picture.ts';
import { firstLetter, openInbox } from '../support/inbox.ts';
import { recipeOf, uploadedPicture } from '../support/uploads.ts';

interface Submitted {
  readonly id: string;
  readonly polling_url: string;
  readonly cost: number | null;
  readonly input_mp: number | null;
  readonly output_mp: number | null;
}
interface Result {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly result: { readonly sample: string; readonly seed: number; readonly prompt: string } | null;
}
type Headers = Readonly<Record<string, string>>;

const [origin, key] = [inject('origin'), inject('key')];
/** BFL's own API, and CometAPI's, which is the same elsewhere and takes its key in three ways. */
const apis = [
  { name: 'BFL', base: `${origin}/v1`, auth: { 'x-key': key } },
  { name: 'CometAPI, raw key', base: `${origin}/flux/v1`, auth: { authorization: key } },
  { name: 'CometAPI, Bearer', base: `${origin}/flux/v1`, auth: { authorization: `Bearer ${key}` } },
  { name: 'CometAPI, x-key', base: `${origin}/flux/v1`, auth: { 'x-key': key } },
] as const;
const small = { width: 64, height: 64, steps: 4, output_format: 'png' };

function post(url: string, auth: Headers, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...auth };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function submitted(base: string, auth: Headers, body: object): Promise<Submitted> {
  const response = await post(`${base}/flux-2-flex`, auth, { ...small, ...body });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

/** What the polling URL tells once the task has ended; all that it told on the way must be `Pending`. */
async function ended({ polling_url: url }: Submitted, auth: Headers): Promise<Result> {
  for (;;) {
    const response = await fetch(url, { headers: auth });
    expect(response.status).toBe(200);
    const result: Result = JSON.parse(await response.text());
    if (result.status !== 'Pending') return result;
    expect(result.result).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.each(apis)('$name', ({ name, base, auth }) => {
  it('submits, polls and gets the picture', async () => {
    const submission = await submitted(base, auth, { prompt: `bfl: ${name}`, seed: 5 });
    expect(submission).toMatchObject({ cost: expect.any(Number), output_mp: expect.any(Number) });
    expect(submission.polling_url).toBe(`${base}/get_result?id=${submission.id}`);
    const { status, result } = await ended(submission, auth);
    expect({ status, result }).toMatchObject({ status: 'Ready', result: { seed: 5, prompt: `bfl: ${name}` } });
    expect(await pictureAt(result?.sample)).toMatchObject({ format: 'png', width: 64, height: 64 });
  });
});

describe('references', () => {
  it('are the same picture as base64, as a data URL and as a URL', async () => {
    const base64 = Buffer.from(pictureBytes('png')).toString('base64');
    const spellings = [base64, `data:image/png;base64,${base64}`, await uploadedPicture()];
    const samples = await Promise.all(
      spellings.map(async (input_image) => {
        const body = { prompt: 'bfl: reference', seed: 1, input_image };
        return (await ended(await submitted(`${origin}/v1`, { 'x-key': key }, body), {})).result?.sample ?? '';
      }),
    );
    expect(new Set(samples).size).toBe(1);
    expect(await recipeOf(samples[0] ?? '')).toMatchObject({ references: [expect.anything()] });
  });
});

describe('a task', () => {
  const auth = { 'x-key': key };
  const base = `${origin}/v1`;

  it.each([
    { trigger: 'sandbox:moderated-request', status: 'Request Moderated' },
    { trigger: 'sandbox:moderated-output', status: 'Content Moderated' },
    { trigger: 'sandbox:error', status: 'Error' },
    { trigger: 'sandbox:unknown', status: 'Error' },
  ])('ends as "$status" after $trigger', async ({ trigger, status }) => {
    const result = await ended(await submitted(base, auth, { prompt: `bfl ${trigger}` }), auth);
    expect(result).toMatchObject({ status, result: null, details: expect.any(Object) });
  });

  it('is cancelled, and its events end', async () => {
    const { id, polling_url } = await submitted(base, auth, { prompt: 'bfl: cancel sandbox:slow' });
    const events = await fetch(`${origin}/v1/tasks/${id}/events`, { headers: auth });
    const cancelled = await fetch(`${origin}/v1/tasks/${id}`, { method: 'DELETE', headers: auth });
    expect(cancelled.status).toBe(200);
    expect((await events.text()).trimEnd().split('\n\n').at(-1)).toMatch(/^event: cancelled$/m);
    const result: Result = JSON.parse(await (await fetch(polling_url, { headers: auth })).text());
    expect(result).toMatchObject({ status: 'Error', details: { code: 'cancelled' } });
  });
});

describe('errors', () => {
  it('are in the shape of each API', async () => {
    const wrong = { prompt: 'bfl: wrong', steps: 51 };
    const bfl = await post(`${origin}/v1/flux-2-flex`, { 'x-key': key }, wrong);
    expect(bfl.status).toBe(422);
    expect(JSON.parse(await bfl.text())).toMatchObject({ detail: [{ loc: ['body', 'steps'], type: 'value_error' }] });
    const stranger = await post(`${origin}/v1/flux-2-flex`, { 'x-key': 'fg_wrong' }, small);
    expect([stranger.status, JSON.parse(await stranger.text())]).toEqual([403, { detail: 'Not authenticated' }]);
    const comet = await post(`${origin}/flux/v1/flux-2-flex`, { authorization: key }, wrong);
    expect(comet.status).toBe(400);
    expect(JSON.parse(await comet.text())).toMatchObject({ error: { message: expect.any(String), param: 'steps' } });
    const noKey = await post(`${origin}/flux/v1/flux-2-flex`, {}, small);
    expect([noKey.status, JSON.parse(await noKey.text())]).toMatchObject([401, { error: { code: 'unauthenticated' } }]);
  });

  it('are a 404 for a task that nobody has', async () => {
    for (const base of [`${origin}/v1`, `${origin}/flux/v1`]) {
      const response = await fetch(`${base}/get_result?id=nothing`, { headers: { 'x-key': key } });
      expect(response.status).toBe(404);
    }
  });
});

describe('webhooks', () => {
  it.each([
    { name: 'BFL', base: `${origin}/v1` },
    { name: 'CometAPI', base: `${origin}/flux/v1` },
  ])("of $name are verified by Standard Webhooks' own library, with the caller's secret", async ({ name, base }) => {
    const inbox = openInbox();
    const asked = { prompt: `bfl: webhook ${name}`, webhook_url: inbox.url };
    for (const webhook_secret of [
      'swordfish',
      `whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`,
    ]) {
      await submitted(base, { 'x-key': key }, { ...asked, webhook_secret });
    }
    const letters = await inbox.letters(2);
    expect(letters.map(({ path }) => new URL(path, inbox.url).href)).toEqual([inbox.url, inbox.url]);
    const verifiers = [
      new Webhook('swordfish', { format: 'raw' }),
      new Webhook(`whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`),
    ];
    for (const verifier of verifiers) {
      const told = letters.filter(({ body, headers }) => isAccepted(() => verifier.verify(body, headers)));
      expect(told).toHaveLength(1);
      const { status, result }: Result = JSON.parse(told[0]?.body ?? '');
      expect(status).toBe('Ready');
      expect(await pictureAt(result?.sample)).toMatchObject({ width: 64 });
    }
  });

  it("without one are verified with the account's secret, and one that was changed is not", async () => {
    const inbox = openInbox();
    await submitted(`${origin}/v1`, { 'x-key': key }, { prompt: 'bfl: webhook account', webhook_url: inbox.url });
    const { body, headers } = await firstLetter(inbox);
    const response = await fetch(`${origin}/v1/webhooks/secret`, { headers: { 'x-key': key } });
    const verifier = new Webhook(JSON.parse(await response.text()).key);
    expect(verifier.verify(body, headers)).toMatchObject({ status: 'Ready' });
    expect(isAccepted(() => verifier.verify(body.replace('Ready', 'Error'), headers))).toBe(false);
  });

  it('to a private address are refused, and say so', async () => {
    const body = { ...small, prompt: 'bfl: webhook private', webhook_url: 'http://127.0.0.1:9/' };
    const response = await post(`${origin}/v1/flux-2-flex`, { 'x-key': key }, body);
    expect(response.status).toBe(422);
    expect(JSON.parse(await response.text())).toMatchObject({ detail: [{ loc: ['body', 'webhook_url'] }] });
  });

  function isAccepted(verify: () => unknown): boolean {
    try {
      verify();
      return true;
    } catch {
      return false;
    }
  }
});
