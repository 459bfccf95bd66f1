import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rendersPort } from '../../src/renders/renders-port';
import { PictureClaims } from '../../src/storage/picture-claims';
import { addAccount, purchasesOf } from '../support/accounts';
import { admin } from '../support/admin-caller';
import { fingerprintIn, made } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { whenSettled } from '../support/spending';

const price = 50_000;

afterEach(() => {
  vi.restoreAllMocks();
});

async function stored(name: string) {
  const key = await addAccount(name);
  return { key, print: fingerprintIn((await made({ prompt: `made again: ${name}`, seed: 1 }, { key })).sample) };
}

/** A rerender under an idempotency key, as the operator (null) or by a key with the scope `admin`. */
const rerender = (print: string, name: string, { json = {}, key }: { json?: object; key?: string } = {}) =>
  admin(`pictures/${print}/rerender`, {
    json,
    headers: { 'idempotency-key': name },
    ...(key === undefined ? {} : { key }),
  });
const purchases = async (print: string) => (await purchasesOf(print)).length;

describe('a rerender that is sent again under its idempotency key', () => {
  it('is one purchase, and answers what the first came to', async () => {
    const { print } = await stored('again-same');
    const first = await (await rerender(print, 'again')).json<{ task: string }>();
    expect(first).toMatchObject({ object: 'rerender', fingerprint: print, same: true, task: expect.any(String) });
    for (let repeat = 0; repeat < 2; repeat += 1) {
      const answer = await rerender(print, 'again');
      expect([answer.status, await answer.json()]).toEqual([200, first]);
    }
    expect(await purchases(print)).toBe(2);
    expect(await whenSettled('again-same')).toMatchObject({ spentMicros: 2 * price });
  });

  it('is one purchase though it is sent three times at once', async () => {
    const { print } = await stored('again-at-once');
    const answers = await Promise.all([1, 2, 3].map(() => rerender(print, 'at once')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const tasks = await Promise.all(answers.map(async (answer) => (await answer.json<{ task: string }>()).task));
    expect([new Set(tasks).size, await purchases(print)]).toEqual([1, 2]);
  });

  it('is another purchase under another key, by another administrator, and without one', async () => {
    const { print } = await stored('again-others');
    const key = await addAccount('again-admin', { scopes: ['admin'] });
    await rerender(print, 'first');
    await rerender(print, 'second');
    await rerender(print, 'first', { key });
    expect((await admin(`pictures/${print}/rerender`, { json: {} })).status).toBe(200);
    expect(await purchases(print)).toBe(5);
  });

  it('is a conflict with another picture, and with another who pays', async () => {
    const [{ print }, other] = [await stored('again-bound'), await stored('again-unbound')];
    await addAccount('again-payer');
    await rerender(print, 'bound');
    for (const answer of [
      await rerender(other.print, 'bound'),
      await rerender(print, 'bound', { json: { account: 'again-payer' } }),
    ]) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        error: { code: 'conflict', message: expect.stringContaining('Idempotency-Key') },
      });
    }
    // Who bought it first is who pays anyhow.
    expect((await rerender(print, 'bound', { json: { account: 'again-bound' } })).status).toBe(200);
    expect([await purchases(print), await purchases(other.print)]).toEqual([2, 1]);
  });

  it('is not bought again where it was paid for and gave no picture, and tried again where it cost nothing', async () => {
    const { print } = await stored('again-failed');
    let isDown = true;
    await changeProvider(print, ({ submit }) => ({
      submit: async (...given) => {
        if (isDown) throw new Error('the connection was lost');
        return await submit(...given);
      },
    }));
    const first = await rerender(print, 'failed');
    isDown = false;
    const [again, other] = [await rerender(print, 'failed'), await rerender(print, 'other')];
    expect([first.ok, again.ok, other.ok]).toEqual([false, false, true]);
    expect(await again.text()).toContain('not bought again by itself');
    expect(await purchases(print)).toBe(3);
  });

  it('waits for what it began, where the answer to that was lost', async () => {
    const { print } = await stored('again-cut-off');
    await changeProvider(print, ({ submit }) => ({
      submit: async (...given) => {
        await scheduler.wait(700);
        return await submit(...given);
      },
    }));
    const first = rerender(print, 'cut off');
    const renders = rendersPort(env.RENDERS);
    await vi.waitFor(async () => expect(await renders.isUnderWay(print, null)).toBe(true), { interval: 20 });
    // Whoever had the claim is gone.
    await env.LEDGER.prepare('DELETE FROM picture_claims WHERE fingerprint = ?1').bind(print).run();
    const again = await rerender(print, 'cut off');
    expect(await again.json()).toEqual(await (await first).json());
    expect(await purchases(print)).toBe(2);
  });

  it('is refused at once while somebody else makes the picture again, and is then free to be sent again', async () => {
    const { print } = await stored('again-busy');
    const claim = await new PictureClaims(env.LEDGER).claim(print, 'rerender', Date.now());
    expect((await rerender(print, 'busy')).status).toBe(409);
    await claim?.release();
    expect((await rerender(print, 'busy')).status).toBe(200);
  });

  it.each(['', 'x'.repeat(256)])('is refused where the key is %s', async (name) => {
    const { print } = await stored(`again-odd-${name.length}`);
    expect((await rerender(print, name)).status).toBe(400);
    expect(await purchases(print)).toBe(1);
  });
});
