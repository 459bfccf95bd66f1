import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderPortsOf } from '../../src/env';
import { callerKeyPurpose } from '../../src/env/market';
import worker from '../../src/index';
import { Signatures } from '../../src/storage/signatures';
import { sealTemporaryUrl } from '../../src/storage/temporary-url';
import { Vault } from '../../src/storage/vault';
import { addAccount } from '../support/accounts';
import { ended, submitted } from '../support/bfl-caller';
import { call, origin } from '../support/front-door';
import { addLinkKey, follow, linkFor } from '../support/link';
import { comeBack, outsideWorld } from '../support/outside-world';

const newSecret = 'another signing secret, for tests only';
/** The deployment while its secret is changed, and once the old one is gone. */
const changing = { ...env, SIGNING_SECRET: newSecret, SIGNING_SECRET_PREVIOUS: env.SIGNING_SECRET } as Env;
const changed = { ...env, SIGNING_SECRET: newSecret } as Env;

async function enter(deployment: Env, url: string, headers: Record<string, string> = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await worker.fetch(new Request(new URL(url, origin), { headers }), deployment, context);
  await waitOnExecutionContext(context);
  return response;
}

/** What the deployment answers, while its secret is changed and afterwards. */
async function statuses(url: string): Promise<readonly number[]> {
  const answers = [await enter(changing, url), await enter(changed, url)];
  for (const answer of answers) await answer.arrayBuffer();
  return answers.map(({ status }) => status);
}

afterEach(comeBack);

let task = '';
let sample = '';
beforeAll(async () => {
  ({ id: task } = await submitted({ prompt: 'changed secret', seed: 1 }));
  sample = (await ended(task)).result?.sample ?? '';
});

describe('while the signing secret is changed, what the old one signed is good, and no longer once it is gone', () => {
  it('in task ids', async () => {
    expect(await statuses(`/v1/get_result?id=${task}`)).toEqual([200, 404]);
  });

  it('in URLs that expire', async () => {
    const old = { now: Date.now(), seconds: 60 };
    expect(await statuses(await sealTemporaryUrl(new Signatures(env.SIGNING_SECRET), sample, old))).toEqual([200, 403]);
    const other = new Signatures('a secret that was never one here');
    expect(await statuses(await sealTemporaryUrl(other, sample, old))).toEqual([403, 403]);
  });

  it('in URLs of exact sizes', async () => {
    const path = `${new URL(sample).pathname}?w=33`;
    const signature = await new Signatures(env.SIGNING_SECRET).sign('rendition', path);
    // The other way round: a rendition that was made once is served to everybody.
    const wanted = [await enter(changed, `${path}&s=${signature}`), await enter(changing, `${path}&s=${signature}`)];
    expect(wanted.map(({ status }) => status)).toEqual([400, 200]);
  });

  it('in signed links, which need not be made again until then', async () => {
    const signer = await addLinkKey('changed-secret');
    const url = await linkFor({ prompt: 'changed secret: link', width: 64, height: 64 }, signer);
    expect((await follow(url)).status).toBe(200);
    expect(await statuses(url)).toEqual([200, 403]);
  });

  it('in vendor keys of callers, which the clock seals anew', async () => {
    const key = await addAccount('resealed');
    await call('/v1/provider-keys/bfl', { method: 'PUT', key, json: { key: 'bfl_key_of_mine' } });
    const sealed = async () =>
      (await env.LEDGER.prepare("SELECT sealed_key FROM provider_keys WHERE account_id = 'resealed'").first<string>(
        'sealed_key',
      )) ?? '';
    const before = await sealed();
    const [during, after] = [new Vault(newSecret, env.SIGNING_SECRET), new Vault(newSecret)];
    expect(await during.open(before, callerKeyPurpose)).toBe('bfl_key_of_mine');
    await expect(after.open(before, callerKeyPurpose)).rejects.toThrow();
    const told = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const controller = createScheduledController({ scheduledTime: new Date(), cron: '17 * * * *' });
    await worker.scheduled(controller, changing);
    expect(told.mock.calls.map(([line]) => JSON.parse(String(line)))).toContainEqual({
      event: 'keys-resealed',
      keys: 1,
    });
    const anew = await sealed();
    expect(await after.open(anew, callerKeyPurpose)).toBe('bfl_key_of_mine');
    await expect(new Vault(env.SIGNING_SECRET).open(anew, callerKeyPurpose)).rejects.toThrow();
    await worker.scheduled(controller, changing);
    expect(await sealed()).toBe(anew);
  });
});

describe('while the signing secret is changed', () => {
  it('webhooks are signed with both, so that either secret verifies them', async () => {
    const sent = outsideWorld(() => new Response(null, { status: 204 }));
    const record = {
      ...{ taskId: task, generation: 0, nonce: '00', accountId: 'development', dialect: 'bfl', origin },
      ...{ moment: 'end', messageId: 'msg_both', tries: 0, nextAt: 0 },
      webhook: { url: 'https://hooks.example.com/both', secret: null, field: 'webhook_url', moments: ['end'] },
    } as unknown as Parameters<ReturnType<typeof renderPortsOf>['tell']>[0];
    expect(await renderPortsOf(changing).tell(record, null)).toBe(true);
    const [told] = sent;
    if (told === undefined) throw new Error('Nothing was told.');
    for (const secret of [newSecret, env.SIGNING_SECRET]) {
      const webhook = new Webhook(await new Signatures(secret).webhookSecret('development'));
      expect(webhook.verify(told.body, Object.fromEntries(told.headers))).toMatchObject({ status: 'Ready' });
    }
    const other = new Webhook(await new Signatures('a secret that was never one here').webhookSecret('development'));
    expect(() => other.verify(told.body, Object.fromEntries(told.headers))).toThrow();
  });

  it("fal's clients find both public keys", async () => {
    const keysOf = async (deployment: Env) =>
      (await (await enter(deployment, '/fal/.well-known/jwks.json')).json<{ keys: { x: string }[] }>()).keys;
    const [during, after, before] = [await keysOf(changing), await keysOf(changed), await keysOf(env)];
    expect(during).toEqual([...after, ...before]);
    expect(during).toHaveLength(2);
  });

  it('what is new is signed with the new one alone', async () => {
    const [now, old] = [new Signatures(newSecret, env.SIGNING_SECRET), new Signatures(env.SIGNING_SECRET)];
    const signature = await now.sign('temporary', 'a text');
    expect(await new Signatures(newSecret).isSigned('temporary', 'a text', signature)).toBe(true);
    expect(await old.isSigned('temporary', 'a text', signature)).toBe(false);
    expect(await now.linkSecret('key')).toBe(await new Signatures(newSecret).linkSecret('key'));
  });

  it('a previous secret that is too short is named by the health check', async () => {
    const response = await enter({ ...env, SIGNING_SECRET_PREVIOUS: 'short' } as Env, '/health');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('SIGNING_SECRET_PREVIOUS needs at least 16 characters');
  });
});
