import { afterAll, beforeEach, expect, it } from 'vitest';
import { forgetCircuits } from '../support/gate-state';
import { fingerprintOf, ledgerOf, ordered, orderOf } from '../support/purchase';
import { lose, renderRow } from '../support/stored-objects';
import { type OutgoingRequest, vendorNetwork } from '../support/vendor-network';

const network = vendorNetwork();
beforeEach(forgetCircuits);
afterAll(() => network.close());

const vendor = { 'x-fluxgate-provider': 'bfl' };
const determinismIn = ({ response }: { response: Response }) => response.headers.get('x-fluxgate-determinism');

it('a vendor that draws another picture the second time is told to differ, and is paid twice', async () => {
  const order = orderOf('determinism: another picture');
  expect(determinismIn(await ordered(order, vendor))).toBe('pinned');
  const fingerprint = await fingerprintOf(order, vendor);
  const { sha256 } = await renderRow(fingerprint);
  await lose(fingerprint);
  const anotherSeed = {
    change: (request: OutgoingRequest): OutgoingRequest => ({
      ...request,
      text: request.text.replace('"seed":7', '"seed":8'),
    }),
  };
  network.taps.add(anotherSeed);
  const again = await ordered(order, vendor);
  network.taps.delete(anotherSeed);
  expect(again.code).toBe('ready');
  expect(determinismIn(again)).toBe('differs');
  const row = await renderRow(fingerprint, ({ rerendered_at }) => rerendered_at !== null);
  expect(row.sha256).toBe(sha256);
  expect(row.last_sha256).not.toBe(sha256);
  const rows = await ledgerOf(fingerprint);
  expect(rows.map(({ provider, outcome }) => [provider, outcome])).toEqual([
    ['bfl', 'ready'],
    ['bfl', 'ready'],
  ]);
});

it('a vendor that draws the same picture again has it told as made again', async () => {
  const order = orderOf('determinism: the same picture');
  await ordered(order, vendor);
  const fingerprint = await fingerprintOf(order, vendor);
  await renderRow(fingerprint);
  await lose(fingerprint);
  expect(determinismIn(await ordered(order, vendor))).toBe('rerendered');
});
