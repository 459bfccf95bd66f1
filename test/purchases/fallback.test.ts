import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetCircuits, reportOn } from '../support/gate-state';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { vendorNetwork } from '../support/vendor-network';
import type { Failure } from '../vendors/failures';

const network = vendorNetwork();
const [first, second, third] = network.vendors.map(({ entry }) => entry.id);
beforeEach(forgetCircuits);
afterAll(() => network.close());

/** Who was asked to sell for this prompt, in order. */
const askedFor = (prompt: string) =>
  network.sent
    .filter(({ method, text }) => method === 'POST' && text.includes(prompt))
    .map(({ url }) => network.vendors.find(({ origin }) => origin === url.origin)?.entry.id);

/** Two minutes ago: whoever answered within the last one is not asked whether he is there. */
async function longAgo<Result>(act: () => Promise<Result>): Promise<Result> {
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - 120_000);
  return await act().finally(() => clock.mockRestore());
}

async function bought(prompt: string) {
  const fingerprint = await fingerprintOf(orderOf(prompt));
  const outcome = await ordered(orderOf(prompt));
  const [sales, rows] = [network.salesFor(prompt), await ledgerOf(fingerprint)];
  return { ...outcome, sales, rows, by: outcome.response.headers.get('x-fluxgate-provider') };
}

describe('where nothing was bought, the next provider serves', () => {
  it('when the first cannot be reached, and nothing is sent to it', async () => {
    expect(await longAgo(() => bought('fallback: long ago.'))).toMatchObject({ by: first });
    const unreachable = {
      before: (_: unknown, { entry }: { entry: { id: string } }) => {
        if (entry.id === first) throw new TypeError('Connection refused.');
      },
    };
    network.taps.add(unreachable);
    const { code, by, sales, rows } = await bought('fallback: unreachable.');
    network.taps.delete(unreachable);
    expect({ code, by }).toEqual({ code: 'ready', by: second });
    expect(askedFor('fallback: unreachable.')).toEqual([second]);
    expect(rows).toMatchObject([{ provider: second, outcome: 'ready', spent_micros: billOf(sales) }]);
  });

  const refusals: Failure[] = [
    ...(['refuse', 'bad-key', 'credit', 'rate-limit', 'rate-limit-retry-after'] as const),
    ...(['error-before', 'unavailable-before'] as const),
  ];
  it.each(refusals)('on %s, with one sale in all', async (failure) => {
    const prompt = `fallback: ${failure}.`;
    network.failFor(prompt, failure);
    const { code, by, sales, rows } = await bought(prompt);
    expect({ code, by }).toEqual({ code: 'ready', by: second });
    expect(askedFor(prompt)).toEqual([first, second]);
    expect(sales).toHaveLength(1);
    expect(rows).toMatchObject([{ provider: second, outcome: 'ready', spent_micros: billOf(sales) }]);
  });

  it.each([
    ['bad-key', 'credentials'],
    ['credit', 'credit'],
  ] as const)(
    'and what is wrong with the operator’s own account is an error in the log: %s',
    async (failure, reason) => {
      const lines: string[] = [];
      const spy = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
      network.failFor(`told: ${failure}.`, failure);
      network.failFor(`untold: ${failure}.`, 'rate-limit');
      await ordered(orderOf(`told: ${failure}.`), { 'x-fluxgate-provider': first ?? '' });
      await ordered(orderOf(`untold: ${failure}.`));
      spy.mockRestore();
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { event: 'refused', provider: first, reason, note: expect.stringMatching(/this deployment/) },
      ]);
    },
  );

  it('and when that refuses too, the one after it', async () => {
    network.failFor('fallback: twice.', 'credit', 2);
    const { code, by, sales } = await bought('fallback: twice.');
    const expected = third === undefined ? { code: 'service_unavailable', by: null } : { code: 'ready', by: third };
    expect({ code, by }).toEqual(expected);
    expect(sales).toHaveLength(third === undefined ? 0 : 1);
  });

  it('and when all refuse, nobody sells, and the ledger has no row', async () => {
    network.failFor('fallback: all.', 'unavailable-before', 100);
    const { status, code, sales, rows } = await bought('fallback: all.');
    expect({ status, code }).toEqual({ status: 503, code: 'service_unavailable' });
    expect(askedFor('fallback: all.')).toEqual(network.vendors.map(({ entry }) => entry.id));
    expect([sales, rows]).toEqual([[], []]);
  });
});

describe('there is no fallback', () => {
  it('for a request that one moderated after it accepted, or before', async () => {
    for (const [refusals, asked] of [
      [0, [first]],
      [1, [first, second]],
    ] as const) {
      const prompt = `moderated by ${asked.at(-1)}.`;
      if (refusals > 0) network.failFor(prompt, 'unavailable-before', refusals);
      network.failFor(prompt, 'moderate-request');
      const { status, code, sales, rows } = await bought(prompt);
      expect({ status, code }).toEqual({ status: 400, code: 'content_policy_violation' });
      expect(askedFor(prompt)).toEqual(asked);
      expect([sales.length, spentOf(rows)]).toEqual([0, 0]);
    }
  });

  it.each(['moderate-output', 'fail-after'] as const)('for a picture that ended in %s', async (failure) => {
    const prompt = `no fallback: ${failure}.`;
    network.failFor(prompt, failure);
    const { sales, rows } = await bought(prompt);
    expect(askedFor(prompt)).toEqual([first]);
    expect(spentOf(rows)).toBe(billOf(sales));
  });

  const lost: Failure[] = ['hang-up-before', 'hang-up-after', 'time-out', 'garbage', 'html', 'bad-gateway-after'];
  it.each(lost)('for a purchase of which nobody knows what became: %s', async (failure) => {
    const prompt = `no fallback: ${failure}.`;
    network.failFor(prompt, failure);
    const { status, code, rows } = await bought(prompt);
    expect({ status, code }).toEqual({ status: 500, code: 'outcome_unknown' });
    expect(askedFor(prompt)).toEqual([first]);
    expect(rows).toMatchObject([{ provider: first, outcome: 'unknown' }]);
  });
});

describe('a wrong key of the operator’s', () => {
  it('is told in the log and in the report, and to no caller; others are not sent there meanwhile', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    network.failFor('operator: wrong key.', 'bad-key');
    const { code, text } = await bought('operator: wrong key.');
    const lines = log.mock.calls.map(([line]) => String(line));
    log.mockRestore();
    expect(code).toBe('ready');
    expect(text).not.toContain('key');
    expect(lines.filter((line) => line.includes('"credentials"'))).toHaveLength(1);
    expect(lines.join()).not.toContain(network.vendor(first ?? '').simulator.key);
    const report = await reportOn(first ?? '');
    expect(report).toMatchObject({ circuit: 'open', last_error: { class: 'credentials' }, in_flight: 0 });
    expect(Date.parse(report.circuit_until ?? '')).toBeGreaterThan(Date.now() + 60_000);

    expect((await bought('operator: next.')).by).toBe(second);
    expect(askedFor('operator: next.')).toEqual([second]);
    expect(await reportOn(second ?? '')).toMatchObject({ circuit: 'closed', median_latency_ms: expect.any(Number) });
  });

  it('is an answer that can be repeated, where nobody else may serve', async () => {
    const headers = { 'x-fluxgate-provider': first ?? '' };
    network.failFor('operator: pinned.', 'bad-key');
    const refused = await ordered(orderOf('operator: pinned.'), headers);
    expect({ status: refused.status, code: refused.code }).toEqual({ status: 503, code: 'service_unavailable' });
    expect((await ordered(orderOf('operator: pinned.'), headers)).code).toBe('ready');
    expect(await reportOn(first ?? '')).toMatchObject({ circuit: 'closed', last_error: { class: 'credentials' } });
  });
});
