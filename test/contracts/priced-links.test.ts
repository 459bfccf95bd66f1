import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import type { LinkOptions, LinkSigner } from '../../src/client/signed-link';
import { addAccount } from '../support/accounts';
import { submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { addLinkKey, linkFor } from '../support/link';
import { hitPrice } from '../support/priced-order';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';
import { taskAt } from '../support/task-caller';

const price = 50_000;
const small = { width: 64, height: 64, steps: 4, seed: 1 };

/** A link of an account with so much on it. */
async function linkOf(
  id: string,
  micros: number,
  { prompt = `links: ${id}`, onMiss, ...terms }: Pick<LinkSigner, 'maxMicros'> & Partial<LinkOptions> = {},
): Promise<string> {
  await addAccount(id, { limits: { isPrepaid: true } });
  await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', micros)]);
  const options = { prompt, ...small, ...(onMiss === undefined ? {} : { onMiss }) };
  return await linkFor(options, { ...(await addLinkKey(id)), ...terms });
}

/** What a browser gets that follows a link where hits have a price. */
async function look(url: string): Promise<Response> {
  const context = createExecutionContext();
  const response = await app.fetch(new Request(url), { ...env, HIT_PRICE_MICROS: `${hitPrice}` }, context);
  const body = await response.arrayBuffer();
  await waitOnExecutionContext(context);
  return new Response(body, response);
}
const statusesOf = (answers: readonly Response[]) => answers.map(({ status }) => status);
const looks = (url: string, count: number) => Promise.all(Array.from({ length: count }, () => look(url)));

describe('a link where hits have a price', () => {
  it.each(['max of its price', 'no max'])('costs its picture, however many look while it is made (%s)', async (of) => {
    const id = `links-${of.replaceAll(' ', '-')}`;
    const url = await linkOf(id, price, of === 'no max' ? {} : { maxMicros: price });
    expect(statusesOf(await looks(url, 12))).toEqual(Array(12).fill(200));
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect(statusesOf(await looks(url, 3))).toEqual([200, 200, 200]);
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect(await countsOf(id)).toEqual({ hit: 3, joined: 11 });
  });

  it.each(['placeholder', '202'] as const)('costs no more for whoever asks again (%s)', async (onMiss) => {
    const id = `links-again-${onMiss}`;
    const url = await linkOf(id, price, { maxMicros: price, onMiss });
    const statuses = [];
    for (let time = 0; time < 6; time += 1) statuses.push((await look(url)).status);
    expect(statuses.filter((status) => status !== 200)).toEqual(statuses.filter((status) => status === 202));
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect((await look(url)).status).toBe(200);
  });

  it('costs nothing where somebody else has the picture made', async () => {
    const key = await addAccount('links-maker');
    const prompt = 'sandbox:slow links: joined';
    const { id } = await submitted({ prompt, ...small }, { key });
    await taskAt(id, 'rendering', { key });
    const url = await linkOf('links-joiner', 0, { prompt, onMiss: '202' });
    expect(statusesOf(await looks(url, 3))).toEqual([202, 202, 202]);
    expect((await afterSeconds(21, () => taskAt(id, 'ready', { key }))).status).toBe('ready');
    expect((await look(url)).status).toBe(200);
    expect(await whenSettled('links-joiner')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });
});
