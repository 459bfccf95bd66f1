import { describe, expect, it } from 'vitest';
import { addAccount, purchasesOf } from '../support/accounts';
import { ended, type Submitted, submit } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { fingerprintOf, firstUrl, generate, picturesIn } from '../support/openai-caller';
import { taskAt, taskOf } from '../support/task-caller';

interface Usage {
  readonly object: 'usage';
  readonly account: string;
  readonly totals: Totals;
  readonly days: readonly (Totals & { readonly day: string })[];
}
interface Totals {
  readonly purchases: number;
  readonly pictures: number;
  readonly spent_micros: number;
  readonly hits: number;
  readonly joins: number;
  readonly saved_micros: number;
}

const usageOf = async (key: string, query = '') => (await call(`/v1/usage${query}`, { key })).json<Usage>();
const price = 50_000;
const many = 200;

describe('200 identical requests at the same moment', () => {
  it('buy one picture, and each has a task of its own', async () => {
    const key = await addAccount('coalesced');
    const body = { prompt: 'coalesced: tasks', seed: 1 };
    const answers = await Promise.all(Array.from({ length: many }, () => submit(body, { key })));
    const ids = await Promise.all(answers.map(async (answer) => (await answer.json<Submitted>()).id));
    expect(new Set(ids).size).toBe(many);
    const sources = answers.map((answer) => answer.headers.get('x-fluxgate-source'));
    expect(sources.filter((source) => source === 'bought')).toHaveLength(1);
    const samples = await Promise.all(ids.map(async (id) => (await ended(id)).result?.sample));
    expect(new Set(samples).size).toBe(1);
    expect(await purchasesOf(fingerprintOf(answers[0] as Response))).toMatchObject([
      { account_id: 'coalesced', dialect: 'bfl', outcome: 'ready', spent_micros: price, actual_micros: price },
    ]);
    const shared = { hits: count(sources, 'hit'), joins: count(sources, 'joined') };
    const totals = { purchases: 1, pictures: 1, spent_micros: price, ...shared, saved_micros: (many - 1) * price };
    await expect.poll(async () => (await usageOf(key)).totals, { timeout: 8_000 }).toMatchObject(totals);
    expect(shared.hits + shared.joins).toBe(many - 1);
  });

  it('from callers who wait get the same picture, bought once', async () => {
    const body = { prompt: 'coalesced: waiting', seed: 1 };
    const answers = await Promise.all(Array.from({ length: many }, () => generate(body)));
    const urls = await Promise.all(answers.map(async (answer) => firstUrl(await picturesIn(answer))));
    expect(new Set(urls).size).toBe(1);
    expect(await purchasesOf(fingerprintOf(answers[0] as Response))).toHaveLength(1);
  });

  it('in different dialects and formats buy one picture', async () => {
    const orders = ['png', 'jpeg', 'webp'].flatMap((output_format) => [
      submit({ prompt: 'coalesced: dialects', seed: 1, output_format }),
      generate({ prompt: 'coalesced: dialects', seed: 1, output_format }),
    ]);
    const answers = await Promise.all(orders);
    const prints = new Set(answers.map(fingerprintOf));
    expect(prints.size).toBe(1);
    await taskAt(answers[0]?.headers.get('x-fluxgate-task') ?? '');
    expect(await purchasesOf([...prints][0] ?? '')).toHaveLength(1);
  });

  it('that fail all fail alike', async () => {
    const body = { prompt: 'coalesced sandbox:moderated-output', seed: 1 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => generate(body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });
});

describe('the usage of an account', () => {
  it('counts what was bought, hit and saved, for it alone', async () => {
    const [mine, other] = [await addAccount('usage-mine'), await addAccount('usage-other')];
    const body = { prompt: 'usage: mine', seed: 1 };
    const first = await submit(body, { key: mine });
    await ended((await first.json<Submitted>()).id);
    for (const key of [mine, mine, other]) await submit(body, { key });
    const failed = await submit({ prompt: 'usage sandbox:error', seed: 1 }, { key: mine });
    await ended((await failed.json<Submitted>()).id);
    const bought = { purchases: 1, pictures: 1, spent_micros: price };
    const mineTotals = { ...bought, hits: 2, joins: 0, saved_micros: 2 * price };
    await expect.poll(async () => (await usageOf(mine)).totals, { timeout: 8_000 }).toMatchObject(mineTotals);
    const none = { purchases: 0, pictures: 0, spent_micros: 0, joins: 0 };
    await expect
      .poll(async () => (await usageOf(other)).totals, { timeout: 8_000 })
      .toMatchObject({ ...none, hits: 1, saved_micros: price });
    const usage = await usageOf(mine, '?days=1');
    expect(usage).toMatchObject({ object: 'usage', account: 'usage-mine' });
    expect(usage.days).toMatchObject([{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), ...mineTotals }]);
  });

  it('is empty for one that did nothing', async () => {
    const usage = await usageOf(await addAccount('usage-none'));
    expect(usage.days).toEqual([]);
    expect(Object.values(usage.totals).filter((value) => value !== 0)).toEqual([null]);
  });

  it.each(['0', '367', '1.5', 'x', '', '-1', 'NaN', '1e400'])('does not take days=%s', async (days) => {
    const response = await call(`/v1/usage?days=${days}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', issues: [{ field: 'days' }] } });
  });

  it('needs a key, and is never cached', async () => {
    expect((await call('/v1/usage', { key: null })).status).toBe(401);
    expect((await call('/v1/usage', { key: 'fg_wrong' })).status).toBe(401);
    expect((await call('/v1/usage')).headers.get('cache-control')).toBe('private, no-store');
    expect((await call('/v1/usage', { method: 'POST', body: 'x' })).status).toBe(405);
  });
});

describe('a task id', () => {
  it('tells two callers of one picture apart', async () => {
    const body = { prompt: 'apart', seed: 1 };
    const [first, second] = await Promise.all([submit(body), submit(body)]);
    const [one, other] = [await first.json<Submitted>(), await second.json<Submitted>()];
    await Promise.all([ended(one.id), ended(other.id)]);
    expect((await taskOf(one.id)).fingerprint).toBe((await taskOf(other.id)).fingerprint);
    expect(one.id).not.toBe(other.id);
    const sources = [(await taskOf(one.id)).source, (await taskOf(other.id)).source];
    expect(count(sources, 'bought')).toBe(1);
  });
});

function count<Value>(values: readonly Value[], wanted: Value): number {
  return values.filter((value) => value === wanted).length;
}
