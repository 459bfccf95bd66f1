import { afterAll, describe, expect, it } from 'vitest';
import { providerEntries } from '../../src/providers/registry';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { vendorNetwork } from '../support/vendor-network';
import { pngOf } from '../vendors/pictures';

const network = vendorNetwork();
afterAll(() => network.close());

describe('x-fluxgate-provider', () => {
  it.each(providerEntries.map(({ id }) => id))('pins %s, and its answer says so', async (id) => {
    const prompt = `pinned: ${id}.`;
    const { code, response } = await ordered(orderOf(prompt), { 'x-fluxgate-provider': id });
    expect({ code, by: response.headers.get('x-fluxgate-provider') }).toEqual({ code: 'ready', by: id });
    expect([...network.vendor(id).shop.sales.values()]).toEqual(network.salesFor(prompt));
  });

  it.each(['dall-e', 'sandbox', 'BFL', '', 'bfl,fal'])('is refused by name where it is "%s"', async (id) => {
    const before = network.sent.length;
    const { status, text } = await ordered(orderOf('pinned: nobody.'), { 'x-fluxgate-provider': id });
    expect(status).toBe(400);
    expect(text).toContain('x-fluxgate-provider');
    expect(network.sent).toHaveLength(before);
  });
});

describe('x-fluxgate-fit', () => {
  const toHinow = { 'x-fluxgate-provider': 'hinow' };
  const changes = ['steps: 25 instead of 10', 'guidance: 3.5 instead of 4'];
  const wanted = { steps: 10, guidance: 4 };

  it('is exact where it is absent: what would be changed is refused, and bought from nobody', async () => {
    const { status, code, text } = await ordered(orderOf('fit: exact.', wanted), toHinow);
    expect({ status, code }).toEqual({ status: 400, code: 'no_provider' });
    for (const change of changes) expect(text).toContain(change);
    expect(text).toContain('x-fluxgate-fit: nearest');
    expect(network.salesFor('fit: exact.')).toEqual([]);
  });

  it('nearest is served, says what was changed, and is the picture of the request that was made', async () => {
    const nearest = { ...toHinow, 'x-fluxgate-fit': 'nearest' };
    const { code, response } = await ordered(orderOf('fit: nearest.', wanted), nearest);
    expect(code).toBe('ready');
    expect(response.headers.get('x-fluxgate-notes')).toBe(changes.join('; '));
    const made = orderOf('fit: nearest.', { steps: 25, guidance: 3.5 });
    const fingerprint = response.headers.get('x-fluxgate-fingerprint') ?? '';
    expect(fingerprint).toBe(await fingerprintOf(made, toHinow));

    const sales = network.salesFor('fit: nearest.');
    const again = await ordered(made);
    expect([again.response.headers.get('x-fluxgate-source'), again.response.headers.get('x-fluxgate-notes')]).toEqual([
      'hit',
      null,
    ]);
    const rows = await ledgerOf(fingerprint);
    expect([network.salesFor('fit: nearest.'), rows.length, spentOf(rows)]).toEqual([sales, 1, billOf(sales)]);
  });

  it('nearest takes who is exact before who comes near', async () => {
    const { response } = await ordered(orderOf('fit: both.', wanted), { 'x-fluxgate-fit': 'nearest' });
    expect(response.headers.get('x-fluxgate-provider')).toBe('bfl');
    expect(response.headers.get('x-fluxgate-notes')).toBeNull();
  });

  it('is refused where it is neither', async () => {
    const { status, text } = await ordered(orderOf('fit: wrong.'), { 'x-fluxgate-fit': 'about' });
    expect(status).toBe(400);
    expect(text).toContain('x-fluxgate-fit');
  });
});

it('what none can make is a 400 that says of each provider why', async () => {
  const nine = Array.from({ length: 9 }, (_, seed) => pngOf({ width: 64, height: 64, seed }).toBase64());
  const before = network.sent.length;
  const { status, code, text } = await ordered(orderOf('none can.', { size: '64x64', input_images: nine }));
  expect({ status, code }).toEqual({ status: 400, code: 'no_provider' });
  for (const { id } of providerEntries) expect(text).toMatch(new RegExp(`\\b${id}: (takes|size)`));
  expect(network.sent).toHaveLength(before);
});
