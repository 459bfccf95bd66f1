import { afterEach, describe, expect, it, vi } from 'vitest';
import { addAccount, purchasesOf } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { fingerprintIn, made, submit } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { differencesFound } from '../support/reconciled';
import { accounts } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';

const price = 50_000;
const sourceOf = (response: Response | null) => response?.headers.get('x-fluxgate-source');
const rerender = (print: string) => administered<{ same: boolean }>(`pictures/${print}/rerender`, { json: {} });
const found = async (...subjects: readonly string[]) =>
  (await differencesFound()).differences.filter(({ subject }) => subjects.some((name) => subject.startsWith(name)));

afterEach(() => {
  vi.restoreAllMocks();
});

/** A stored picture, by the account that bought it, and another account that may ask for it. */
async function stored(name: string) {
  const [first, other] = [`${name}-first`, `${name}-other`];
  const key = await addAccount(first);
  const body = { prompt: `made again: ${name}`, seed: 1 };
  const print = fingerprintIn((await made(body, { key })).sample);
  return { first, other, otherKey: await addAccount(other), body, print };
}

describe('an order of another account while a picture is made again', () => {
  it('is a hit, and the rerender the only purchase', async () => {
    const { first, other, otherKey, body, print } = await stored('meanwhile');
    let meanwhile: Response | null = null;
    await changeProvider(print, ({ submit: send }) => ({
      submit: async (...given) => {
        meanwhile = await submit(body, { key: otherKey });
        return await send(...given);
      },
    }));
    expect(await rerender(print)).toMatchObject({ same: true });
    expect(sourceOf(meanwhile)).toBe('hit');
    const buyers = (await purchasesOf(print)).map((row) => [row.account_id, row.outcome, row.spent_micros]);
    expect(buyers).toEqual([
      [first, 'ready', price],
      [first, 'ready', price],
    ]);
    expect(await whenSettled(first)).toMatchObject({ spentMicros: 2 * price });
    expect(await accounts.standing(other)).toMatchObject({ spentMicros: 0, inFlight: 0 });
    await expect.poll(() => countsOf(other)).toEqual({ hit: 1 });
    expect(await found(first, other, print)).toEqual([]);
  });
});
