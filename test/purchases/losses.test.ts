import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { RenderRecord } from '../../src/renders/render-record';
import { recipeKey } from '../../src/storage/picture-store';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { billOf, fingerprintOf, type LedgerRow, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { type Dealing, type OutgoingRequest, vendorNetwork } from '../support/vendor-network';
import { Crashes } from './crash-points';

/** Every way in which a picture may be paid for and not be there: the ledger has each of them. */
const network = vendorNetwork();
const { record } = UsageLedger.prototype;
const crashes = new Crashes(network);
afterAll(() => vi.restoreAllMocks());

const outcomes = (rows: readonly LedgerRow[]) => rows.map(({ outcome }) => outcome);
const pinning = (id: string) => ({ 'x-fluxgate-provider': id });

describe.concurrent('a picture that was sold', () => {
  it('in the answer itself, and not yet stored when the object dies, is lost', async () => {
    const prompt = 'in the answer, and lost.';
    network.taps.add({ change: (request) => (request.text.includes(prompt) ? inBase64(request) : request) });
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('aigateway'));
    const crash = crashes.at('before the picture is stored', { prompt, fingerprint });
    const [{ status, code }] = await Promise.all([ordered(orderOf(prompt), pinning('aigateway')), crash]);
    expect({ status, code }).toEqual({ status: 500, code: 'provider_failed' });
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect([sales.length, outcomes(rows), spentOf(rows)]).toEqual([1, ['lost'], billOf(sales)]);
  });

  it('in the answer itself is served though the object dies between its bytes and its recipe', async () => {
    const prompt = 'in the answer, and salvaged.';
    network.taps.add({ change: (request) => (request.text.includes(prompt) ? inBase64(request) : request) });
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('aigateway'));
    const crash = crashes.at('after the picture is stored', { prompt, fingerprint });
    const [{ code }] = await Promise.all([ordered(orderOf(prompt), pinning('aigateway')), crash]);
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect([code, sales.length, outcomes(rows), spentOf(rows)]).toEqual(['ready', 1, ['ready'], billOf(sales)]);
  });

  it('by bfl is served though the object dies with it stored, and bfl does not know the task any more', async () => {
    const prompt = 'no loss: stored, and forgotten by the vendor.';
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('bfl'));
    let isForgotten = false;
    network.taps.add({
      after: ({ kind, order }: Dealing) => {
        if (isForgotten && kind === 'polled' && order.includes(prompt)) throw new TypeError('Network connection lost.');
      },
    });
    const crash = crashes.at('after the picture is stored', { prompt, fingerprint }).then(() => {
      isForgotten = true;
    });
    const [{ code }] = await Promise.all([ordered(orderOf(prompt), pinning('bfl')), crash]);
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect([code, sales.length, outcomes(rows), spentOf(rows)]).toEqual(['ready', 1, ['ready'], billOf(sales)]);
  });

  it('by bfl while nobody could ask is collected at the deadline, and not bought again', async () => {
    const prompt = 'no loss: finished while nobody asked.';
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('bfl'));
    const render = env.RENDERS.getByName(fingerprint);
    let isAway = true;
    network.taps.add({
      after: ({ kind, order }: Dealing) => {
        if (isAway && kind === 'polled' && order.includes(prompt)) throw new TypeError('Network connection lost.');
      },
    });
    const accepted = ordered(orderOf(prompt), pinning('bfl'));
    await vi.waitFor(() => expect(network.salesFor(prompt)).toHaveLength(1), { timeout: 20_000 });
    // As when the service was down, and is started again too late.
    const killed = runInDurableObject(render, async (_, state) => {
      const record = () => state.storage.kv.get<RenderRecord>('render');
      await vi.waitFor(() => expect(record()?.phase.name).toBe('following'), { timeout: 20_000 });
      state.storage.kv.put('render', { ...record(), deadline: Date.now() - 1 });
      await state.storage.setAlarm(Date.now() + 200);
      await state.storage.sync();
      isAway = false;
      state.abort('killed by a test');
    });
    await killed.catch(() => undefined);
    const { code } = await accepted;
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect([code, sales.length, outcomes(rows), spentOf(rows)]).toEqual(['ready', 1, ['ready'], billOf(sales)]);
  });

  it('before, and is half gone, is no answer to a purchase that came to nothing', async () => {
    const prompt = 'no loss: half of an older one.';
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('bfl'));
    expect((await ordered(orderOf(prompt), pinning('bfl'))).code).toBe('ready');
    await env.PICTURES.delete(recipeKey(fingerprint));
    network.failFor(prompt, 'fail-after');
    expect((await ordered(orderOf(prompt), pinning('bfl'))).code).not.toBe('ready');
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect([sales.length, outcomes(rows), spentOf(rows)]).toEqual([2, ['ready', 'failed'], billOf(sales)]);
    expect(await env.PICTURES.head(recipeKey(fingerprint))).toBeNull();
  });

  it('in the answer itself is served where nothing dies', async () => {
    const prompt = 'in the answer, and served.';
    network.taps.add({ change: (request) => (request.text.includes(prompt) ? inBase64(request) : request) });
    expect((await ordered(orderOf(prompt), pinning('aigateway'))).code).toBe('ready');
    expect(network.salesFor(prompt)).toMatchObject([{ downloads: 0 }]);
  });

  it.each(['bfl', 'hinow'])('by %s and can never be fetched is lost', async (id) => {
    const prompt = `loss: never fetched from ${id}.`;
    network.taps.add({
      after: ({ kind, order }: Dealing) => {
        if (kind === 'downloaded' && order.includes(prompt)) throw new TypeError('Network connection lost.');
      },
    });
    const { status, code } = await ordered(orderOf(prompt), pinning(id));
    expect({ status, code }).toEqual({ status: 500, code: 'provider_failed' });
    const sales = network.salesFor(prompt);
    expect(sales[0]?.downloads).toBeGreaterThan(2);
    const rows = await ledgerOf(await fingerprintOf(orderOf(prompt), pinning(id)));
    expect([sales.length, outcomes(rows), spentOf(rows)]).toEqual([1, ['lost'], billOf(sales)]);
  });

  it('is in the ledger once, however often the ledger was away', async () => {
    const prompt = 'no loss: ledger.';
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('bfl'));
    let tries = 0;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      const isOurs = given[0][0]?.fingerprint === fingerprint;
      if (isOurs) tries += 1;
      // Written, and the answer lost; then not written; then all is well.
      if (!isOurs || tries !== 2) await record.apply(this, given);
      if (isOurs && tries < 3) throw new Error('D1_ERROR: Network connection lost.');
    });
    expect((await ordered(orderOf(prompt), pinning('bfl'))).code).toBe('ready');
    await vi.waitFor(() => expect(tries).toBe(3), { timeout: 5_000 });
    const rows = await ledgerOf(fingerprint);
    expect([outcomes(rows), spentOf(rows)]).toEqual([['ready'], billOf(network.salesFor(prompt))]);
  });
});

describe.concurrent('ON_UNKNOWN = "rebuy"', () => {
  it.each([
    [1, 'ready', ['ready', 'unknown']],
    [2, 'ready', ['ready', 'unknown', 'unknown']],
    [3, 'outcome_unknown', ['unknown', 'unknown', 'unknown']],
  ])('after %i purchases that were lost ends as %s, with a row for each', async (losses, code, expected) => {
    const prompt = `rebuy: ${losses}.`;
    const fingerprint = await fingerprintOf(orderOf(prompt), pinning('bfl'));
    await runInDurableObject(env.RENDERS.getByName(fingerprint), (render) => {
      Object.assign(Reflect.get(render, 'ports') as object, { rebuysUnknown: true });
    });
    network.failFor(prompt, 'hang-up-after', losses);
    expect((await ordered(orderOf(prompt), pinning('bfl'))).code).toBe(code);
    const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
    expect(sales).toHaveLength(expected.length);
    expect(outcomes(rows).toSorted()).toEqual(expected);
    expect(spentOf(rows)).toBe(billOf(sales));
  });
});

/** As a vendor would answer that knows of no URLs. */
function inBase64(request: OutgoingRequest): OutgoingRequest {
  const text = request.text.replace('"response_format":"url"', '"response_format":"b64_json"');
  return { ...request, text, body: Uint8Array.from(new TextEncoder().encode(text)) };
}
