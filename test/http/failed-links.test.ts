import { expect, it } from 'vitest';
import type { LinkSigner } from '../../src/client/signed-link';
import { afterSeconds, backIntoOneDay, secondsFromMidnight } from '../support/clock';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';

const small = { width: 64, height: 64 } as const;
const named = (word: string) => `links-${word.replaceAll(':', '-')}-${crypto.randomUUID().slice(0, 8)}`;

async function signerOf(account: string, changes: object = {}): Promise<LinkSigner> {
  return await addLinkKey(account, changes);
}

interface Look {
  readonly status: number;
  readonly retryAfter: number;
  readonly fault: string | null;
}

async function look(url: string): Promise<Look> {
  const response = await follow(url);
  await response.arrayBuffer();
  const { status, headers } = response;
  return { status, retryAfter: Number(headers.get('retry-after')), fault: headers.get('x-fluxgate-error') };
}

/** Looks until the answer is no 202 any more. */
async function settledLook(url: string): Promise<Look> {
  let seen = await look(url);
  await expect
    .poll(
      async () => {
        seen = await look(url);
        return seen.status;
      },
      { timeout: 10_000 },
    )
    .not.toBe(202);
  return seen;
}

it.each(['placeholder', '202'] as const)(
  'a failure is told by a link with onmiss=%s, with its true status, and nothing is bought again within a minute',
  async (onMiss) => {
    const account = named(`failed-${onMiss}`);
    const url = await linkFor(
      { prompt: `sandbox:moderated-output ${account}`, ...small, onMiss },
      await signerOf(account),
    );
    const told = await afterSeconds(-61, async () => {
      expect((await look(url)).status).toBe(202);
      const first = await settledLook(url);
      for (let time = 0; time < 3; time += 1) expect((await look(url)).status).toBe(400);
      return first;
    });
    expect(told).toMatchObject({ status: 400, fault: 'moderated_output' });
    expect(told.retryAfter).toBeGreaterThan(30);
    expect(told.retryAfter).toBeLessThanOrEqual(60);
    expect(await purchasesBy(account)).toBe(1);
    expect((await look(url)).status).toBe(202);
    await expect.poll(async () => await purchasesBy(account), { timeout: 10_000 }).toBe(2);
  },
);

it('a failure is repeated to who waits, and bought again only a minute later, three times a day', async () => {
  const account = named('failed-wait');
  const url = await linkFor({ prompt: `sandbox:moderated-output ${account}`, ...small }, await signerOf(account));
  const failed = { status: 400, fault: 'moderated_output' };
  const back = backIntoOneDay(200);
  for (const [index, seconds] of [-200, -135, -70].entries()) {
    await afterSeconds(back + seconds, async () => {
      expect(await look(url)).toMatchObject(failed);
      expect(await look(url)).toMatchObject(failed);
    });
    expect(await purchasesBy(account)).toBe(index + 1);
  }
  const spent = await afterSeconds(back, () => look(url));
  expect(spent).toMatchObject({ status: 402, fault: 'insufficient_credit' });
  expect(secondsFromMidnight(spent.retryAfter, Date.now() + back * 1000)).toBeLessThan(30);
});

it.each([
  ['sandbox:moderated-output', 400, 'moderated_output'],
  ['sandbox:moderated-request', 400, 'moderated_request'],
  ['sandbox:refused', 503, 'unavailable'],
  ['sandbox:error', 502, 'provider_failed'],
  ['sandbox:unknown', 502, 'outcome_unknown'],
])('%s is a %i with Retry-After, at the first look and within the minute', async (word, status, fault) => {
  const account = named(word);
  const url = await linkFor({ prompt: `${word} ${account}`, ...small }, await signerOf(account));
  for (let time = 0; time < 2; time += 1) {
    const told = await look(url);
    expect(told).toMatchObject({ status, fault });
    expect(told.retryAfter).toBeGreaterThan(0);
    expect(told.retryAfter).toBeLessThanOrEqual(60);
  }
});

it('a failure is told to no other account, which has the picture tried for itself', async () => {
  const [one, other] = [named('one'), named('other')];
  const prompt = `sandbox:moderated-output ${one}`;
  expect((await look(await linkFor({ prompt, ...small }, await signerOf(one)))).status).toBe(400);
  const elsewhere = await linkFor({ prompt, ...small, onMiss: '202' }, await signerOf(other));
  expect((await look(elsewhere)).status).toBe(202);
  await expect.poll(async () => await purchasesBy(other), { timeout: 10_000 }).toBe(1);
});

it('a stand-in is shown for a failure only where onfail= asks for it, and never kept', async () => {
  const account = named('stand-in');
  const picture = { prompt: `sandbox:error ${account}`, ...small, onFail: 'placeholder' } as const;
  const response = await follow(await linkFor(picture, await signerOf(account)));
  const kept = [response.status, response.headers.get('content-type'), response.headers.get('cache-control')];
  expect(kept).toEqual([200, 'image/svg+xml', 'no-store']);
});

it('a budget of a day that is used up says when the next day begins, and one for ever does not', async () => {
  const daily = await signerOf(named('daily'), { limits: { day_micros: 1 } });
  const poor = await look(await linkFor({ prompt: 'failed links: a day', ...small }, daily));
  expect(poor.status).toBe(402);
  expect(secondsFromMidnight(poor.retryAfter)).toBeLessThan(30);
  const ever = await signerOf(named('ever'));
  const spent = await look(await linkFor({ prompt: 'failed links: ever', ...small }, { ...ever, maxMicros: 1 }));
  expect(spent).toMatchObject({ status: 402, retryAfter: 0 });
});
