import { afterEach, describe, expect, it, vi } from 'vitest';
import { PictureFiles } from '../../src/storage/picture-files';
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
  it('is the purchase, and the only one, where it comes before that of the rerender', async () => {
    const { first, other, otherKey, body, print } = await stored('between');
    const { setAside } = PictureFiles.prototype;
    let between: Response | null = null;
    vi.spyOn(PictureFiles.prototype, 'setAside').mockImplementation(async function (this: PictureFiles, ...given) {
      await setAside.apply(this, given);
      between = await submit(body, { key: otherKey });
    });
    expect(await rerender(print)).toMatchObject({ same: true });
    expect(sourceOf(between)).toBe('bought');
    const buyers = (await purchasesOf(print)).map((row) => [row.account_id, row.outcome, row.spent_micros]);
    expect(buyers.toSorted()).toEqual([
      [first, 'ready', price],
      [other, 'ready', price],
    ]);
    expect(await whenSettled(first)).toMatchObject({ spentMicros: price, inFlight: 0 });
    expect(await whenSettled(other)).toMatchObject({ spentMicros: price, inFlight: 0 });
    expect([await countsOf(first), await countsOf(other)]).toEqual([{ joined: 1 }, {}]);
    expect(await found(first, other, print)).toEqual([]);
  });

  it('joins the rerender where it comes after that, which is the first buyer’s and the only purchase', async () => {
    const { first, other, otherKey, body, print } = await stored('after');
    let meanwhile: Response | null = null;
    await changeProvider(print, ({ submit: send }) => ({
      submit: async (...given) => {
        meanwhile = await submit(body, { key: otherKey });
        return await send(...given);
      },
    }));
    expect(await rerender(print)).toMatchObject({ same: true });
    expect(sourceOf(meanwhile)).toBe('joined');
    const buyers = (await purchasesOf(print)).map((row) => [row.account_id, row.outcome, row.spent_micros]);
    expect(buyers).toEqual([
      [first, 'ready', price],
      [first, 'ready', price],
    ]);
    expect(await whenSettled(first)).toMatchObject({ spentMicros: 2 * price });
    expect(await accounts.standing(other)).toMatchObject({ spentMicros: 0, inFlight: 0 });
    expect(await countsOf(other)).toEqual({ joined: 1 });
    expect(await found(first, other, print)).toEqual([]);
  });
});
