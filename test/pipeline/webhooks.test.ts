import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { purchasesOf } from '../support/accounts';
import { ended, look, made, type Submitted, submit, submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { call, origin } from '../support/front-door';
import { comeBack, outsideWorld, type Sent } from '../support/outside-world';

const taken = () => new Response(null, { status: 204 });

afterEach(comeBack);

/** A receiver at a URL of its own, so that what an earlier test has left to tell is not taken for this one's. */
function receiver(answer: (sent: Sent) => Response = taken) {
  const webhook_url = `https://hooks.example.com/${crypto.randomUUID()}?by=fluxgate`;
  const told: Sent[] = [];
  outsideWorld((sent) => {
    if (sent.url !== webhook_url) return taken();
    told.push(sent);
    return answer(sent);
  });
  return { webhook_url, told };
}

describe('a webhook', () => {
  it("tells the ended task as BFL words it, signed with the account's secret", async () => {
    const { webhook_url, told } = receiver();
    const { id } = await submitted({ prompt: 'webhook: told', webhook_url });
    const { result } = await ended(id);
    await expect.poll(() => told.length).toBe(1);
    const [sent] = told as [Sent];
    expect(sent).toMatchObject({ url: webhook_url, method: 'POST' });
    expect(sent.headers.get('content-type')).toBe('application/json');
    const picture = { sample: result?.sample, seed: result?.seed, prompt: 'webhook: told' };
    const whole = { id, status: 'Ready', progress: 1, details: null, preview: null, result: picture };
    expect(verified(sent, new Webhook(await accountSecret()))).toMatchObject(whole);
  });

  it("is signed with the caller's own secret where there is one", async () => {
    const { webhook_url, told } = receiver();
    for (const webhook_secret of ['swordfish', 'whsec_c3dvcmRmaXNoc3dvcmRmaXNo', 'whsec_not base64!', 'ключ']) {
      const { id } = await submitted({ prompt: `webhook: secret ${webhook_secret}`, webhook_url, webhook_secret });
      await ended(id);
      await expect.poll(() => told.length).toBe(1);
      const [sent] = told.splice(0) as [Sent];
      const isStandard = webhook_secret === 'whsec_c3dvcmRmaXNoc3dvcmRmaXNo';
      const webhook = new Webhook(webhook_secret, isStandard ? {} : { format: 'raw' });
      expect(verified(sent, webhook)).toMatchObject({ id, status: 'Ready' });
      expect(() => verified(sent, new Webhook('another', { format: 'raw' }))).toThrow();
    }
  });

  it('with an empty secret is signed as one without', async () => {
    const { webhook_url, told } = receiver();
    await submitted({ prompt: 'webhook: empty secret', webhook_url, webhook_secret: '' });
    await expect.poll(() => told.length).toBe(1);
    expect(verified(told[0] as Sent, new Webhook(await accountSecret()))).toMatchObject({ status: 'Ready' });
  });

  it('is confirmed in the answer to the order, beside the polling URL', async () => {
    const { webhook_url } = receiver();
    const answer = await submitted({ prompt: 'webhook: confirmed', webhook_url });
    expect(answer).toMatchObject({ webhook_url, status: 'Pending', polling_url: expect.stringContaining(answer.id) });
  });

  it.each([
    { trigger: 'sandbox:moderated-request', status: 'Request Moderated' },
    { trigger: 'sandbox:moderated-output', status: 'Content Moderated' },
    { trigger: 'sandbox:error', status: 'Error' },
  ])('tells a task that ended as $status', async ({ trigger, status }) => {
    const { webhook_url, told } = receiver();
    const { id } = await submitted({ prompt: `webhook ${trigger}`, webhook_url });
    await expect.poll(() => told.length).toBe(1);
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ id, status, result: null, details: expect.any(Object) });
  });

  it('tells of a picture that was stored already', async () => {
    const { webhook_url, told } = receiver();
    const body = { prompt: 'webhook: stored', seed: 1 };
    const { sample } = await made(body);
    const response = await submit({ ...body, webhook_url });
    expect(response.headers.get('x-fluxgate-source')).toBe('hit');
    const { id, status } = await response.json<Submitted>();
    expect(status).toBe('Ready');
    await expect.poll(() => told.length).toBe(1);
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ id, status: 'Ready', result: { sample } });
  });

  it('is told for each caller of one render', async () => {
    const seen = outsideWorld(taken);
    const urls = ['https://one.example.com/', 'https://two.example.com/', 'https://three.example.com/'];
    const body = { prompt: 'webhook: callers', seed: 1, steps: 50 };
    const tasks = await Promise.all(urls.map((url) => submitted({ ...body, webhook_url: url })));
    const mine = () => seen.filter(({ url }) => urls.includes(url));
    await expect.poll(() => mine().length).toBe(3);
    const told = mine().map((sent) => [sent.url, JSON.parse(sent.body).id]);
    expect(told.toSorted()).toEqual(tasks.map(({ id }, index) => [urls[index], id]).toSorted());
  });

  it('tells a caller who cancelled that it did', async () => {
    const { webhook_url, told } = receiver();
    const { id } = await submitted({ prompt: 'webhook: cancelled sandbox:slow', webhook_url });
    await call(`/v1/tasks/${id}`, { method: 'DELETE' });
    await expect.poll(() => told.length).toBe(1);
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ id, status: 'Error', details: { code: 'cancelled' } });
  });
});

describe('a webhook that is not taken', () => {
  it('is told again after a while, under the same id, and then forgotten', async () => {
    let status = 500;
    const { webhook_url, told } = receiver(() => new Response('no', { status }));
    const render = await renderTold('webhook: again', webhook_url);
    await expect.poll(() => told.length).toBe(1);
    expect(await render.ring(1)).toHaveLength(1);
    expect(told).toHaveLength(1);
    status = 200;
    await render.ring(6);
    expect(told).toHaveLength(2);
    expect(told[1]?.headers.get('webhook-id')).toBe(told[0]?.headers.get('webhook-id'));
    expect(told[1]?.body).toBe(told[0]?.body);
    expect(await render.ring(100_000)).toEqual([]);
    expect(told).toHaveLength(2);
  });

  it('is told eight times over a day, and no more', async () => {
    const { webhook_url, told } = receiver(() => {
      throw new Error('unreachable');
    });
    const render = await renderTold('webhook: eight', webhook_url);
    await expect.poll(() => told.length).toBe(1);
    const hours = (count: number) => count * 3600;
    const after = [5, 30, 300, 1800, hours(2), hours(6), hours(15)];
    let seconds = 0;
    for (const [index, pause] of after.entries()) {
      seconds += pause + 1;
      await render.ring(seconds);
      expect(told).toHaveLength(index + 2);
    }
    expect(await render.ring(seconds + hours(48))).toEqual([]);
    expect(told).toHaveLength(8);
    expect(seconds).toBeLessThan(hours(24));
  });

  it('is not sent on to where a redirect leads', async () => {
    const location = 'https://elsewhere.example.com/';
    const { webhook_url, told } = receiver(() => new Response(null, { status: 307, headers: { location } }));
    const render = await renderTold('webhook: redirected', webhook_url);
    await expect.poll(() => told.length).toBe(1);
    expect(await render.ring(1)).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(vi.mocked(fetch).mock.calls.map(([url]) => String(url))).not.toContain(location);
  });
});

describe('a webhook URL that is not public', () => {
  it.each([
    'http://hooks.example.com/',
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://localhost/hook',
    'https://10.0.0.1/',
    'https://192.168.1.1:8443/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://metadata.google.internal/',
    'https://user:password@hooks.example.com/',
    'https://hooks.example.com:22/',
    `${origin}/v1/usage`,
  ])('is refused by its name, and nothing is bought: %s', async (url) => {
    const seen = outsideWorld(taken);
    const body = { prompt: `webhook: refused ${url}`, seed: 1 };
    const response = await submit({ ...body, webhook_url: url });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      detail: [{ loc: ['body', 'webhook_url'], msg: expect.stringContaining('expected') }],
    });
    expect(seen).toEqual([]);
    const after = await submit(body);
    expect(after.headers.get('x-fluxgate-source')).toBe('bought');
    const { id } = await after.json<Submitted>();
    expect((await look(id)).status).toBe('Pending');
    await ended(id);
    expect(await purchasesOf(after.headers.get('x-fluxgate-fingerprint') ?? '')).toHaveLength(1);
  });
});

/** What the receiver reads, if the signature is right. */
function verified(sent: Sent, webhook: Webhook): unknown {
  return webhook.verify(sent.body, Object.fromEntries(sent.headers));
}

async function accountSecret(): Promise<string> {
  return (await (await call('/v1/webhooks/secret')).json<{ key: string }>()).key;
}

/** Orders a picture with a webhook. `ring` runs the render's alarm that many seconds later, and tells what it still has to tell. */
async function renderTold(prompt: string, webhook_url: string) {
  const response = await submit({ prompt, seed: 1, webhook_url });
  const render = env.RENDERS.getByName(response.headers.get('x-fluxgate-fingerprint') ?? '');
  const ring = async (seconds: number) => {
    await afterSeconds(seconds, () => runDurableObjectAlarm(render));
    return await runInDurableObject(render, (_, { storage }) => [...storage.kv.list({ prefix: 'webhook:' })]);
  };
  return { ring };
}
