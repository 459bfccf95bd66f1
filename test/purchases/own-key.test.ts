import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { providerEntries } from '../../src/providers/registry';
import { forgetCircuits, reportOn } from '../support/gate-state';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf } from '../support/purchase';
import { type Dealing, type OutgoingRequest, type Vendor, vendorNetwork } from '../support/vendor-network';

const network = vendorNetwork();
beforeEach(forgetCircuits);
afterAll(() => network.close());

const ownKey = 'own-key-of-the-caller-0123456789';
const bringing = (id: string) => ({ 'x-fluxgate-provider': id, 'x-provider-key': ownKey });
const requestText = ({ url, headers, text }: OutgoingRequest) => `${url} ${JSON.stringify([...headers])} ${text}`;

/** The caller is a customer of the vendor's, as the operator is. */
const knowsTheCaller = {
  change: (request: OutgoingRequest, { simulator }: Vendor): OutgoingRequest => {
    const swapped = [...request.headers].map(([name, value]) => [name, value.replaceAll(ownKey, simulator.key)]);
    return { ...request, headers: new Headers(swapped as [string, string][]) };
  },
};

/** Orders with a key of one's own, and gathers all that anybody could see of it. */
async function orderedWithOwnKey(prompt: string, id: string, isKnown: boolean) {
  const logged: string[] = [];
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...given) => void logged.push(given.map(String).join(' '))),
  );
  const dealings: Dealing[] = [];
  const watch = { after: (dealing: Dealing) => void dealings.push(dealing), ...(isKnown ? knowsTheCaller : {}) };
  const since = network.sent.length;
  network.taps.add(watch);
  const outcome = await ordered(orderOf(prompt), bringing(id));
  network.taps.delete(watch);
  for (const spy of consoles) spy.mockRestore();
  const fingerprint = await fingerprintOf(orderOf(prompt), bringing(id));
  const rows = await ledgerOf(fingerprint);
  const render = env.RENDERS.getByName(fingerprint);
  const stored = await runInDurableObject(render, (_, { storage }) => JSON.stringify([...storage.kv.list()]));
  const shown = [outcome.text, JSON.stringify([...outcome.response.headers]), JSON.stringify(rows), ...logged];
  return { ...outcome, rows, stored, shown: shown.join('\n'), sent: network.sent.slice(since), dealings };
}

describe.each(providerEntries.map(({ id }) => id))('a key of the caller’s own for %s', (id) => {
  it('buys there, costs the account nothing, and is seen by nobody else', async () => {
    const prompt = `own key: ${id}.`;
    const { code, rows, shown, sent, dealings } = await orderedWithOwnKey(prompt, id, true);
    expect(code).toBe('ready');
    const [sale] = network.salesFor(prompt);
    expect(rows).toMatchObject([{ provider: id, outcome: 'ready', paid_by: 'caller', spent_micros: 0 }]);
    expect([sale?.priceMicros, null]).toContain(rows[0]?.actual_micros);
    const { simulator, origin } = network.vendor(id);
    const purchases = sent.filter(({ text }) => text.includes(prompt));
    expect(purchases.map((request) => requestText(request).includes(ownKey))).toEqual([true]);
    expect(sent.every(({ url }) => url.origin === origin)).toBe(true);
    expect(sent.map(requestText).join()).not.toContain(simulator.key);
    const downloads = dealings.filter(({ kind }) => kind === 'downloaded').map(({ request }) => requestText(request));
    expect(downloads).toHaveLength(1);
    for (const secret of [ownKey, simulator.key]) expect(downloads.join()).not.toContain(secret);
    expect(shown).not.toContain(ownKey);
  });

  it('that is wrong is told to its owner alone, and tried nowhere else', async () => {
    const prompt = `wrong key: ${id}.`;
    const { status, text, rows, stored, shown, sent } = await orderedWithOwnKey(prompt, id, false);
    expect(status).toBe(403);
    expect(text).toMatch(/does not accept the key of your own/);
    expect([rows, network.salesFor(prompt)]).toEqual([[], []]);
    expect(sent.every(({ url }) => url.origin === network.vendor(id).origin)).toBe(true);
    // The record of what failed is kept for a day: with the plan, and the key only as it was sealed.
    expect(stored).toContain('sealedKey');
    expect(`${stored}${shown}`).not.toContain(ownKey);
    expect(await reportOn(id)).toMatchObject({ circuit: 'closed', last_error: null });
    expect((await ordered(orderOf(`${prompt} And the operator's.`), { 'x-fluxgate-provider': id })).code).toBe('ready');
  });
});

describe('a key of the caller’s own', () => {
  it('without x-fluxgate-provider is a 400 that asks for it, and shows no key', async () => {
    const { status, text } = await ordered(orderOf('own key: for whom?'), { 'x-provider-key': ownKey });
    expect(status).toBe(400);
    expect(text).toContain('x-fluxgate-provider');
    expect(text).not.toContain(ownKey);
    expect(network.salesFor('own key: for whom?')).toEqual([]);
  });

  it.each(['abc\u0001def', 'abc def', 'abcdéf'])('that no vendor could be sent is a 400: %j', async (key) => {
    const headers = { ...bringing('bfl'), 'x-provider-key': key };
    const { status, text } = await ordered(orderOf('own key: unsendable.'), headers);
    expect(status).toBe(400);
    expect(text).toContain('x-provider-key: expected printable ASCII characters without spaces.');
    expect(text).not.toContain('abc');
    expect(network.salesFor('own key: unsendable.')).toEqual([]);
  });

  it('for a provider that does not exist is a 400 that names it', async () => {
    const { status, text } = await ordered(orderOf('own key: nobody.'), bringing('dall-e'));
    expect(status).toBe(400);
    expect(text).toContain('there is no provider \\"dall-e\\" here');
  });

  it('is billed to nobody here, even where nobody knows what became of the purchase', async () => {
    network.failFor('own key: lost.', 'hang-up-after');
    const { code, rows } = await orderedWithOwnKey('own key: lost.', 'bfl', true);
    expect(code).toBe('outcome_unknown');
    expect(rows).toMatchObject([{ outcome: 'unknown', paid_by: 'caller', spent_micros: 0 }]);
    expect(billOf(network.salesFor('own key: lost.'))).toBe(rows[0]?.quoted_micros);
  });
});
