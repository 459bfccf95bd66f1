import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expirePictures } from '../../src/storage/expire-pictures';
import { PictureClaims } from '../../src/storage/picture-claims';
import { PictureFiles } from '../../src/storage/picture-files';
import { PictureRegister } from '../../src/storage/picture-register';
import { addAccount } from '../support/accounts';
import { admin } from '../support/admin-caller';
import { fingerprintIn, made } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';
import { objectsOf, renderRow } from '../support/stored-objects';

const parts = {
  register: new PictureRegister(env.LEDGER),
  claims: new PictureClaims(env.LEDGER),
  files: new PictureFiles(env.PICTURES),
};
const expire = () => expirePictures(parts, { retentionDays: 30, now: Date.now() });

afterEach(() => {
  vi.restoreAllMocks();
});

/** A picture of one account, that another may pin; `ageDays` old. */
async function stored(name: string, ageDays = 0) {
  const [key, otherKey] = [await addAccount(`${name}-owner`), await addAccount(`${name}-other`)];
  const print = fingerprintIn((await made({ prompt: `purge race: ${name}`, seed: 1 }, { key })).sample);
  await renderRow(print);
  // A purchase from before an earlier purge gives the right to pin, and none to the picture.
  await record(purchase({ accountId: `${name}-other`, fingerprint: print, settledAt: 1_000 }));
  const statement = 'UPDATE renders SET stored_at = stored_at - ?2 WHERE fingerprint = ?1';
  await env.LEDGER.prepare(statement)
    .bind(print, ageDays * 86_400_000)
    .run();
  return { key, otherKey, print };
}

/** Does `work` before a picture's files are deleted, or after. */
function aroundRemoval(when: 'before' | 'after', work: () => Promise<unknown>): void {
  const { remove } = PictureFiles.prototype;
  vi.spyOn(PictureFiles.prototype, 'remove').mockImplementationOnce(async function (this: PictureFiles, ...given) {
    if (when === 'before') await work();
    const removed = await remove.apply(this, given);
    if (when === 'after') await work();
    return removed;
  });
}

const statusOf = async (answer: Promise<Response>) => (await answer).status;
const pin = (print: string, key: string) => call(`/v1/pins/${print}`, { method: 'PUT', key });
const pinsOf = async (key: string) =>
  (await (await call('/v1/pins', { key })).json<{ data: { fingerprint: string }[] }>()).data;
const ownPurge = (print: string, key: string) => call(`/v1/pictures/${print}`, { method: 'DELETE', key });
const adminPurge = (print: string) => admin(`pictures/${print}`, { method: 'DELETE' });
const rerender = (print: string) => admin(`pictures/${print}/rerender`, { json: {} });
const claimsLeft = async () => (await env.LEDGER.prepare('SELECT fingerprint FROM picture_claims').all()).results;

describe('a pin while its picture is deleted', () => {
  it.each(['before', 'after'] as const)('by its buyer is refused, %s the files are gone', async (when) => {
    const { key, otherKey, print } = await stored(`own-${when}`);
    let refusal: readonly unknown[] = [];
    aroundRemoval(when, async () => {
      const answer = await pin(print, otherKey);
      refusal = [answer.status, answer.headers.get('retry-after'), await answer.text()];
    });
    expect(await statusOf(ownPurge(print, key))).toBe(200);
    expect(refusal).toEqual([409, '5', expect.stringContaining('just being deleted')]);
    expect([await objectsOf(print), await pinsOf(otherKey), await claimsLeft()]).toEqual([[], [], []]);
    expect(await statusOf(pin(print, otherKey))).toBe(404);
  });

  it.each(['before', 'after'] as const)('by who runs the service is refused, %s the files are gone', async (when) => {
    const { otherKey, print } = await stored(`admin-${when}`);
    const answers: Response[] = [];
    aroundRemoval(when, async () => answers.push(await pin(print, otherKey)));
    expect(await statusOf(adminPurge(print))).toBe(200);
    expect(answers.map(({ status }) => status)).toEqual([409]);
    expect([await objectsOf(print), await pinsOf(otherKey), await claimsLeft()]).toEqual([[], [], []]);
  });

  it.each(['before', 'after'] as const)('by its age is refused, %s the files are gone', async (when) => {
    const { key, print } = await stored(`expiry-${when}`, 31);
    const answers: Response[] = [];
    aroundRemoval(when, async () => answers.push(await pin(print, key)));
    expect(await expire()).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([409]);
    expect([await objectsOf(print), await pinsOf(key), await claimsLeft()]).toEqual([[], [], []]);
    expect(await statusOf(pin(print, key))).toBe(404);
    await made({ prompt: `purge race: expiry-${when}`, seed: 1 }, { key });
    expect(await statusOf(pin(print, key))).toBe(200);
  });

  it('by its age keeps it, where it comes just before it is claimed', async () => {
    const { key, print } = await stored('expiry-outrun', 31);
    const { claimOld } = PictureClaims.prototype;
    vi.spyOn(PictureClaims.prototype, 'claimOld').mockImplementationOnce(async function (
      this: PictureClaims,
      ...given
    ) {
      expect(await statusOf(pin(print, key))).toBe(200);
      return await claimOld.apply(this, given);
    });
    expect(await expire()).toBe(0);
    expect((await objectsOf(print)).length).toBeGreaterThan(1);
  });

  it('is made, or refused and the picture deleted, whichever of many comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { key, otherKey, print } = await stored(`many-${round}`);
      const asked = [() => pin(print, otherKey), () => ownPurge(print, key)];
      const [first, second] = await Promise.all((round % 2 === 0 ? asked : asked.toReversed()).map((ask) => ask()));
      const [pinned, purged] = round % 2 === 0 ? [first, second] : [second, first];
      const isKept = (await objectsOf(print)).length > 0;
      expect([pinned?.status === 200, purged?.status === 200]).toEqual([isKept, !isKept]);
      expect(await pinsOf(otherKey)).toHaveLength(isKept ? 1 : 0);
    }
  });

  it('that failed is made again afterwards, and so is the purge', async () => {
    const { key, otherKey, print } = await stored('failed');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(PictureFiles.prototype, 'remove').mockRejectedValueOnce(new Error('no bucket today'));
    expect(await statusOf(ownPurge(print, key))).toBe(500);
    expect(await claimsLeft()).toEqual([]);
    expect(await statusOf(pin(print, otherKey))).toBe(200);
    expect(await statusOf(ownPurge(print, key))).toBe(409);
    await call(`/v1/pins/${print}`, { method: 'DELETE', key: otherKey });
    expect(await statusOf(ownPurge(print, key))).toBe(200);
  });

  it('that nobody lived to end is refused for a while, and no longer', async () => {
    const { key, print } = await stored('abandoned');
    const ago = (seconds: number) => parts.claims.claim(print, 'removal', Date.now() - seconds * 1_000);
    const claim = await ago(60);
    expect(await statusOf(pin(print, key))).toBe(409);
    await claim?.release();
    await ago(90);
    expect(await statusOf(pin(print, key))).toBe(200);
    expect(await statusOf(ownPurge(print, key))).toBe(200);
    expect(await claimsLeft()).toEqual([]);
  });
});

describe('a picture that takes minutes to be deleted or made again', () => {
  /** As a minute goes by for each time that a timer comes round. */
  async function whileMinutesGoBy(work: () => Promise<void>): Promise<void> {
    let minutes = 0;
    const now = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => now() + minutes * 60_000);
    const timers: (() => void)[] = [];
    vi.spyOn(globalThis, 'setInterval').mockImplementation(((renew: () => void) => timers.push(renew)) as never);
    const claimed = async () => {
      for (minutes = 1; minutes <= 5; minutes += 1) {
        const before = await sinceOf();
        for (const renew of timers) renew();
        await vi.waitFor(async () => expect(await sinceOf()).toBeGreaterThan(before), 5_000);
        await work();
      }
    };
    aroundRemoval('before', claimed);
  }
  const sinceOf = async () =>
    (await env.LEDGER.prepare('SELECT since FROM picture_claims').first<number>('since')) ?? 0;

  it('stays claimed as long as that goes on', async () => {
    const { key, otherKey, print } = await stored('long');
    const statuses: number[] = [];
    await whileMinutesGoBy(async () => {
      statuses.push(await statusOf(pin(print, otherKey)), await statusOf(rerender(print)));
      statuses.push(await statusOf(ownPurge(print, key)));
    });
    expect(await statusOf(adminPurge(print))).toBe(200);
    expect(statuses).toEqual(Array.from({ length: 15 }, () => 409));
    expect([await objectsOf(print), await claimsLeft()]).toEqual([[], []]);
  });

  it('is let go once and for all, and taken over once and for all, though a renewal comes later', async () => {
    const { print } = await stored('late');
    const claim = await parts.claims.claim(print, 'rerender', Date.now());
    await claim?.release();
    await claim?.renew(Date.now());
    expect(await claimsLeft()).toEqual([]);
    const later = await parts.claims.claim(print, 'removal', Date.now() - 200_000);
    const taken = await parts.claims.claim(print, 'rerender', Date.now() - 100_000);
    await later?.renew(Date.now());
    const last = await parts.claims.claim(print, 'removal', Date.now());
    expect(last).not.toBeNull();
    await taken?.release();
    expect(await claimsLeft()).toHaveLength(1);
    await last?.release();
  });
});

describe('a picture that is made again', () => {
  it('is deleted by nobody meanwhile, and may be pinned', async () => {
    const { key, print } = await stored('made-again', 31);
    const statuses: number[] = [];
    await changeProvider(print, ({ submit }) => ({
      submit: async (...given) => {
        statuses.push(await statusOf(adminPurge(print)), await statusOf(ownPurge(print, key)), await expire());
        statuses.push(await statusOf(pin(print, key)));
        return await submit(...given);
      },
    }));
    expect(await statusOf(rerender(print))).toBe(200);
    expect(statuses).toEqual([409, 409, 0, 200]);
    expect((await objectsOf(print)).length).toBeGreaterThan(1);
    expect([(await pinsOf(key)).length, await claimsLeft()]).toEqual([1, []]);
  });

  it('stays where its rerender failed, and can be deleted then', async () => {
    const { print } = await stored('failed-again');
    const statuses: number[] = [];
    await changeProvider(print, () => ({
      submit: async () => {
        statuses.push(await statusOf(adminPurge(print)));
        throw new Error('no vendor today');
      },
    }));
    expect(await statusOf(rerender(print))).toBeGreaterThanOrEqual(400);
    expect(statuses).toEqual([409]);
    expect((await objectsOf(print)).length).toBeGreaterThan(1);
    expect(await statusOf(adminPurge(print))).toBe(200);
    expect([await objectsOf(print), await claimsLeft()]).toEqual([[], []]);
  });

  it.each(['before', 'after'] as const)('never is while it is deleted, %s its files are gone', async (when) => {
    const { print } = await stored(`again-${when}`);
    const statuses: number[] = [];
    aroundRemoval(when, async () => statuses.push(await statusOf(rerender(print)), await statusOf(adminPurge(print))));
    expect(await statusOf(adminPurge(print))).toBe(200);
    expect(statuses).toEqual([409, 409]);
    expect([await objectsOf(print), await claimsLeft()]).toEqual([[], []]);
    expect(await statusOf(rerender(print))).toBe(404);
  });
});

describe('a picture that is ordered while its files are deleted', () => {
  it('is there afterwards, whatever of the old one is still to go', async () => {
    const { key, print } = await stored('ordered');
    const removeMany = env.PICTURES.delete.bind(env.PICTURES);
    const purges: string[][] = [];
    const bucket = new Proxy(env.PICTURES, {
      get: (target, name) => {
        if (name !== 'delete') return Reflect.get(target, name).bind(target);
        return async (keys: string[]) => {
          purges.push(keys);
          await removeMany(keys);
          if (purges.length === 1) await made({ prompt: 'purge race: ordered', seed: 1 }, { key });
        };
      },
    });
    await new PictureFiles(bucket).remove(print);
    expect(purges.length).toBeGreaterThan(0);
    expect((await objectsOf(print)).map((name) => name.split('/').at(-1)).toSorted()).toEqual([
      'master',
      'recipe.json',
    ]);
  });
});
