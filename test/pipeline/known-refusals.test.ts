import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { developmentAccount } from '../../src/accounts/account';
import { squareMegapixel } from '../../src/core/price';
import { buildService } from '../../src/env/service';
import { askingOf } from '../../src/pipeline/join-render';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { call } from '../support/front-door';
import { accounts, entryOf } from '../support/reserve';

const order = (key: string, prompt: string, changes: object = {}) =>
  call('/v1/images/generations', { key, json: { prompt, size: '64x64', seed: 1, ...changes } });
const codesOf = (responses: readonly Response[]) => Array.from(responses, ({ status }) => status);
const sourceOf = (response: Response) => response.headers.get('x-fluxgate-source');

/** An account without credit, which was refused just now. */
async function refusedAccount(id: string): Promise<string> {
  const key = await addAccount(id, { limits: { isPrepaid: true } });
  expect((await order(key, `${id}: refused first`)).status).toBe(402);
  return key;
}

describe('an account that goes on asking after it was refused', () => {
  it('reads the same refusal, in words and with its status', async () => {
    const key = await refusedAccount('known-words');
    const again = await order(key, 'known-words: another picture');
    expect(again.status).toBe(402);
    expect(await again.text()).toContain('The account has $0.00 left, and this needs up to');
  });

  it('gets what is stored all the same, and joins what is in the making', async () => {
    const owner = await addAccount('known-owner');
    await order(owner, 'known: stored');
    const key = await refusedAccount('known-hits');
    expect(sourceOf(await order(key, 'known: stored'))).toBe('hit');
    const making = order(owner, 'known: in the making');
    await scheduler.wait(20);
    expect((await order(key, 'known: its own')).status).toBe(402);
    const joined = await order(key, 'known: in the making');
    expect([joined.status, sourceOf(joined)]).toEqual([200, 'joined']);
    await making;
  });

  it('buys again within a second of more credit, wherever that was added', async () => {
    const key = await refusedAccount('known-credit');
    await accounts.credit('known-credit', [entryOf('known-credit', 'top_up', 10_000_000)]);
    await scheduler.wait(1_000);
    expect((await order(key, 'known-credit: at last')).status).toBe(200);
  });

  it('buys again at once where an administrator adds credit at the same place', async () => {
    const key = await refusedAccount('known-admin');
    await topUp('known-admin', 10_000_000);
    expect((await order(key, 'known-admin: at once')).status).toBe(200);
  });

  it('is asked anew where a picture may cost less in the end, though the first to be asked wants the same for it', () => {
    const flatAndByPixel = { ...env, PROVIDERS: 'hinow,bfl', HINOW_API_KEY: 'any', BFL_API_KEY: 'any' };
    const { ports } = buildService(flatAndByPixel);
    const asking = (width: number) => {
      const request = { ...squareMegapixel, width, promptUpsampling: true };
      const choice = ports.choose(request, { provider: null, bringsKey: false, allowsNearest: false });
      const image = {
        ...{ handle: { fingerprint: `${width}` }, request },
        buying: { choice, plan: { provider: null, sealedKey: null } },
      };
      return askingOf(ports, { account: developmentAccount, key: null }, image, { id: 'an-order', pictures: 1 });
    };
    const [dear, less] = [asking(2048), asking(1024)];
    expect([dear.quotedMicros, less.quotedMicros]).toEqual([50_000, 50_000]);
    const refusal = { code: 'insufficient_credit', message: 'Too little is left.' } as const;
    ports.refusals.remember(dear, refusal, { askedAt: 990, now: 1_000 });
    expect([ports.refusals.recall(dear, 1_001), ports.refusals.recall(less, 1_001)]).toEqual([refusal, null]);
  });

  it('is never given a part of an order, though one of its pictures is in the making', async () => {
    const owner = await addAccount('known-parts-owner');
    const key = await refusedAccount('known-parts');
    const making = order(owner, 'known: parts');
    await scheduler.wait(20);
    const answers = await Promise.all([1, 2, 3].map((n) => order(key, 'known: parts', { n: n + 1 })));
    expect(codesOf(answers)).toEqual([402, 402, 402]);
    await making;
    expect(await accounts.standing('known-parts')).toMatchObject({ spentMicros: 0, reservedMicros: 0, inFlight: 0 });
  });
});
