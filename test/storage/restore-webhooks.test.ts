import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { addAccount, purchasesOf } from '../support/accounts';
import { submit, submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { loseLedger, restore } from '../support/lost-ledger';
import { comeBack, outsideWorld } from '../support/outside-world';
import { differencesFound } from '../support/reconciled';
import { objectsOf, renderRow } from '../support/stored-objects';

afterEach(comeBack);

const differences = async () => (await differencesFound()).differences;

/** A receiver of webhooks that takes none until it is told to. */
function receiver() {
  const state = { takes: false, told: 0 };
  outsideWorld(() => {
    state.told += 1;
    return new Response(null, { status: state.takes ? 204 : 500 });
  });
  return state;
}

/** The service dies: of the object there is only what it stored. */
async function kill(print: string): Promise<void> {
  const dying = runInDurableObject(env.RENDERS.getByName(print), (_, state) => state.abort('killed by a test'));
  await dying.catch(() => undefined);
}

/** Runs what the render has still to do, after so many seconds. */
const wake = (print: string, seconds: number) =>
  afterSeconds(seconds, () => runDurableObjectAlarm(env.RENDERS.getByName(print)));

async function restoreTwice(): Promise<void> {
  await restore('listing');
  await restore('accounts');
  expect([(await restore('listing')).restored, (await restore('accounts')).restored]).toEqual([0, 0]);
}

describe('a ledger that is lost', () => {
  it('while webhooks are still to be told is restored as often as one likes, and they are told', async () => {
    const hooks = receiver();
    const [key, other] = [await addAccount('untold'), await addAccount('untold-joins')];
    const body = { prompt: 'restore: untold', seed: 1, webhook_url: 'https://hooks.example.com/' };
    const ordered = await submit(body, { key });
    const print = ordered.headers.get('x-fluxgate-fingerprint') ?? '';
    await submitted({ ...body, webhook_url: 'https://hooks.example.com/other' }, { key: other });
    await expect.poll(() => hooks.told, { timeout: 10_000 }).toBe(2);
    await renderRow(print);
    await expect.poll(differences, { timeout: 10_000 }).toEqual([]);
    await loseLedger();
    await kill(print);
    await restoreTwice();
    expect(await differences()).toEqual([]);
    for (const [seconds, told] of [
      [6, 4],
      [37, 6],
    ] as const) {
      await wake(print, seconds);
      expect(hooks.told).toBe(told);
      await kill(print);
      expect(await differences()).toEqual([]);
      await restoreTwice();
      expect(await differences()).toEqual([]);
    }
    hooks.takes = true;
    await wake(print, 340);
    expect(hooks.told).toBe(8);
    expect(await purchasesOf(print)).toEqual([]);
    await restoreTwice();
    expect(await differences()).toEqual([]);
    const again = await submit({ prompt: 'restore: untold', seed: 1 }, { key: await addAccount('untold-again') });
    expect(again.headers.get('x-fluxgate-source')).toBe('hit');
  });

  it('before a purchase was written has it once, whether its picture was listed again by then or not', async () => {
    const hooks = receiver();
    const key = await addAccount('unwritten');
    const { record } = UsageLedger.prototype;
    let isDown = true;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      const isOurs = given[0].some(({ accountId, outcome }) => accountId === 'unwritten' && outcome === 'ready');
      if (isDown && isOurs) throw new Error('no database today');
      await record.apply(this, given);
    });
    const body = { prompt: 'restore: unwritten', seed: 1, webhook_url: 'https://hooks.example.com/' };
    const print = (await submit(body, { key })).headers.get('x-fluxgate-fingerprint') ?? '';
    await expect.poll(async () => (await objectsOf(print)).length, { timeout: 10_000 }).toBe(2);
    await loseLedger();
    await restore('listing');
    await restore('accounts');
    isDown = false;
    await wake(print, 60);
    await expect.poll(async () => (await purchasesOf(print)).length, { timeout: 10_000 }).toBe(1);
    await restoreTwice();
    expect(await differences()).toEqual([]);
    hooks.takes = true;
    await wake(print, 400);
    await restoreTwice();
    expect(await differences()).toEqual([]);
  });
});
