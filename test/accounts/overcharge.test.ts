import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { changeProvider } from '../support/changed-provider';
import { call } from '../support/front-door';
import { parsePrometheus } from '../support/prometheus-parser';
import { fingerprintOf } from '../support/purchase';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { rowsOf, whenSettled } from '../support/spending';

const price = 50_000;
const charge = 120_000;
const orderOf = (prompt: string) => ({ prompt, size: '64x64', steps: 4, seed: 1 });
const order = (key: string, prompt: string) => call('/v1/images/generations', { key, json: orderOf(prompt) });

/** Drift of pictures that the sandbox sold in OpenAI's API. */
async function driftInMetrics(): Promise<number> {
  const samples = parsePrometheus(await (await call('/metrics')).text());
  const wanted = { provider: 'sandbox', outcome: 'ready', dialect: 'openai' };
  const isWanted = (labels: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([name, value]) => labels[name] === value);
  const found = samples.filter(({ name, labels }) => name === 'fluxgate_drift_micros' && isWanted(labels));
  return found.reduce((sum, { value }) => sum + value, 0);
}

describe('a vendor that charges more than it quoted', () => {
  it('is all that takes a prepaid balance below zero, and is seen in usage, reconcile and metrics', async () => {
    const key = await addAccount('overcharged', { limits: { isPrepaid: true } });
    await accounts.credit('overcharged', [entryOf('overcharged', 'top_up', price)]);
    const before = await driftInMetrics();
    const prompt = 'charged more than quoted';
    await changeProvider(await fingerprintOf(orderOf(prompt)), ({ check }) => ({
      check: async (...given) => ({ ...(await check(...given)), charge }),
    }));
    expect((await order(key, prompt)).status).toBe(200);
    expect(await whenSettled('overcharged')).toMatchObject({ spentMicros: charge, balanceMicros: price - charge });
    expect(await rowsOf('overcharged')).toMatchObject([
      { quoted_micros: price, actual_micros: charge, spent_micros: charge },
    ]);
    const { totals } = await (await call('/v1/usage', { key })).json<{ totals: object }>();
    expect(totals).toMatchObject({ spent_micros: charge, drift_micros: charge - price });
    expect((await driftInMetrics()) - before).toBe(charge - price);
    const [row] = await rowsOf('overcharged');
    const found = (await differencesFound()).differences.filter(({ subject }) =>
      [row?.id, 'overcharged'].some((name) => subject.startsWith(name ?? '')),
    );
    expect(found).toMatchObject([{ kind: 'off_quote', subject: row?.id, expected: price, actual: charge }]);
    const refused = await order(key, 'not with that balance');
    expect([refused.status, await refused.text()]).toEqual([402, expect.stringContaining('-$0.07 left')]);
  });

  it('takes no budget of a day past it by more than one picture', async () => {
    const key = await addAccount('overbudget', { limits: { dayMicros: 2 * price } });
    const prompt = 'charged more than the day has';
    await changeProvider(await fingerprintOf(orderOf(prompt)), ({ check }) => ({
      check: async (...given) => ({ ...(await check(...given)), charge }),
    }));
    expect((await order(key, prompt)).status).toBe(200);
    expect((await order(key, 'the next of that day')).status).toBe(402);
    expect(await whenSettled('overbudget')).toMatchObject({ day: { micros: charge } });
  });
});

describe('a prepaid balance', () => {
  it('never is below zero where vendors charge what they quoted, whatever becomes of the pictures', async () => {
    const key = await addAccount('never-below', { limits: { isPrepaid: true } });
    await accounts.credit('never-below', [entryOf('never-below', 'top_up', 4 * price)]);
    const ends = ['', 'sandbox:error', 'sandbox:unknown', 'sandbox:moderated-output', 'sandbox:refused'];
    const orders = Array.from({ length: 30 }, (_, index) => order(key, `below ${index} ${ends[index % 5]}`));
    const lowest = { micros: 0 };
    const watch = async () => {
      const { balanceMicros, reservedMicros } = await accounts.standing('never-below');
      lowest.micros = Math.min(lowest.micros, balanceMicros - reservedMicros);
    };
    await Promise.all([...orders, ...Array.from({ length: 20 }, watch)]);
    for (const index of ends.keys()) await order(key, `below, afterwards ${index} ${ends[index]}`);
    await whenSettled('never-below');
    await watch();
    expect(lowest.micros).toBe(0);
    expect(await rowsOf('never-below')).not.toEqual([]);
  });
});
