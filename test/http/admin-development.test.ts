import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { admin, administered, allPages } from '../support/admin-caller';
import { made } from '../support/bfl-caller';
import { enter } from '../support/front-door';

interface Account {
  readonly id: string;
  readonly created_at: string | null;
  readonly limits: object;
  readonly standing?: { readonly balance_micros: number; readonly day: { readonly spent_micros: number } };
}
const unlimited = {
  ...{ prepaid: false, day_micros: null, month_micros: null },
  ...{ requests_per_minute: null, renders_in_flight: null },
};

/** The same by the name that the world knows the service by. */
const fromOutside = (path: string, method = 'GET', json?: object) =>
  enter(
    new Request(`https://pictures.example.com/v1/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
  );

/** What would change the development account, its credit or its keys. */
const changes: readonly (readonly [string, string, object])[] = [
  ['PATCH', 'accounts/development', { limits: { day_micros: 1 } }],
  ['POST', 'accounts/development/credits', { kind: 'top_up', micros: 1 }],
  ['POST', 'accounts/development/keys', { name: 'mine' }],
  ['POST', 'keys/development/rotate', {}],
  ['DELETE', 'keys/development', {}],
];

describe('the account of the development key, on the machine where that works', () => {
  it('is listed among the others, once, in its place, however long the pages are', async () => {
    for (const id of ['deep', 'devon', 'apple']) await addAccount(id);
    for (const length of [1, 2, 3, 200]) {
      const ids = (await allPages<Account>('accounts', length)).map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].toSorted());
      expect(ids).toEqual(expect.arrayContaining(['apple', 'deep', 'development', 'devon']));
    }
  });

  it('is shown with how it stands, its credits and its keys, of which there are none', async () => {
    await made({ prompt: 'development: spends', seed: 1 });
    const shown = await administered<Account>('accounts/development');
    expect(shown).toMatchObject({ id: 'development', created_at: null, visibility: 'public', limits: unlimited });
    expect(shown.standing?.day.spent_micros).toBeGreaterThan(0);
    for (const list of ['credits', 'keys'])
      expect(await administered(`accounts/development/${list}`)).toMatchObject({ object: 'list', next: null });
    expect(await allPages('accounts/development/keys', 50)).toEqual([]);
  });

  it.each(changes)('says why it is not changed: %s %s', async (method, path, json) => {
    const answer = await admin(path, { method, json });
    expect(answer.status).toBe(409);
    const { error } = await answer.json<{ error: { code: string; message: string } }>();
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('on this machine alone') });
  });

  it('cannot be opened: its id is taken', async () => {
    const answer = await admin('accounts', { json: { id: 'development', name: 'Mine' } });
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('of the development key')]);
  });
});

describe('the same by any other name of the service', () => {
  it('is not there, is in no list, and cannot be opened either', async () => {
    for (const [method, path, json] of changes) expect((await fromOutside(path, method, json)).status).toBe(404);
    for (const path of ['accounts/development', 'accounts/development/keys', 'accounts/development/credits'])
      expect((await fromOutside(path)).status).toBe(404);
    const list = await (await fromOutside('accounts?limit=200')).json<{ data: Account[] }>();
    expect(list.data.map(({ id }) => id)).not.toContain('development');
    expect((await fromOutside('accounts', 'POST', { id: 'development', name: 'Mine' })).status).toBe(409);
  });
});
