import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { allPages } from '../support/admin-caller';
import { type Submitted, submit, submitted } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';
import { taskOf } from '../support/task-caller';

interface Row {
  readonly object: 'task';
  readonly id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly purchase: string | null;
  readonly ended_at: string | null;
  readonly urls: { readonly self: string };
}
interface Page {
  readonly object: 'list';
  readonly data: readonly Row[];
  readonly next: string | null;
}

const pageOf = async (key: string, query = '') => (await call(`/v1/tasks?${query}`, { key })).json<Page>();
const idsOf = async (key: string, query: string) => (await pageOf(key, query)).data.map(({ id }) => id);

/** All pages, one after the other; `between` is done after each. */
async function allOf(key: string, query: string, between: () => Promise<unknown> = async () => null): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await pageOf(key, `${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    rows.push(...page.data);
    cursor = page.next;
    await between();
  }
  return rows;
}

/** The sandbox takes its time on a busy machine. */
const patience = { timeout: 10_000 };
const noon = Date.parse('2026-11-10T12:00:00Z');

describe('the list of tasks', () => {
  it('has renders under way first, as they stand, and then what was settled', async () => {
    const key = await addAccount('tasks-mixed');
    const ready = await (await submit({ prompt: 'listed: ready', seed: 1 }, { key })).json<Submitted>();
    await expect.poll(async () => (await taskOf(ready.id, { key })).status, patience).toBe('ready');
    const slow = await (await submit({ prompt: 'listed sandbox:slow', seed: 1 }, { key })).json<Submitted>();
    await expect
      .poll(async () => (await pageOf(key, 'status=rendering')).data.map(({ id }) => id), patience)
      .toEqual([slow.id]);
    await expect.poll(async () => idsOf(key, 'status=ready'), patience).toEqual([ready.id]);
    const { data, next } = await pageOf(key);
    expect(next).toBeNull();
    expect(data).toEqual([
      {
        ...{ object: 'task', id: slow.id, status: 'rendering', outcome: null, provider: 'sandbox', dialect: 'bfl' },
        ...{ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), key: expect.any(String) },
        ...{ quoted_micros: expect.any(Number), spent_micros: 0, actual_micros: null },
        ...{ created_at: expect.stringMatching(/Z$/), ended_at: null },
        ...{ purchase: null, urls: { self: `http://127.0.0.1/v1/tasks/${slow.id}` } },
      },
      expect.objectContaining({
        ...{ id: ready.id, status: 'ready', outcome: 'ready', spent_micros: 50_000 },
        purchase: expect.stringMatching(/^[0-9a-f]{64}-\d+$/),
      }),
    ]);
    expect(await idsOf(key, 'limit=1')).toEqual([slow.id]);
    expect((await allOf(key, 'limit=1')).map(({ id }) => id)).toEqual([slow.id, ready.id]);
    expect(await idsOf(key, 'provider=bfl')).toEqual([]);
    const queue = await (await call('/api/ai/queue', { key })).json<{ generations: { generation_id: string }[] }>();
    expect(queue.generations.map(({ generation_id: id }) => id)).toEqual([slow.id]);
    await call(`/v1/tasks/${slow.id}`, { key, method: 'DELETE' });
    await expect
      .poll(async () => (await pageOf(key)).data.map(({ status }) => status), patience)
      .toEqual(['cancelled', 'ready']);
  });

  it('has each task once, however many ended in one millisecond and whatever is added meanwhile', async () => {
    const [accountId, key] = ['tasks-ties', await addAccount('tasks-ties')];
    const tasks = Array.from({ length: 23 }, (_, index) => `task-${index}`);
    await record(...tasks.map((task, index) => purchase({ accountId, task, settledAt: noon + (index % 3) })));
    const rows = await allOf(key, 'limit=4', () => record(purchase({ accountId, task: 'late', settledAt: noon + 9 })));
    expect(rows.map(({ id }) => id).toSorted()).toEqual(tasks.toSorted());
    const times = rows.map(({ ended_at: at }) => at ?? '');
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('is told apart by status, provider, dialect, fingerprint and time', async () => {
    const [accountId, key] = ['tasks-filters', await addAccount('tasks-filters')];
    const row = (task: string, given: object) => purchase({ accountId, task, settledAt: noon, ...given });
    const fingerprint = 'ab'.repeat(32);
    const lost = purchase({ accountId, task: 'other', outcome: 'unknown', id: `${fingerprint}-1-lost-1` });
    await record(
      row('moderated', { outcome: 'moderated', provider: 'fal' }),
      row('cancelled', { outcome: 'cancelled', dialect: 'openai', settledAt: noon + 1 }),
      row('other', { fingerprint, settledAt: noon + 86_400_000 }),
      lost,
    );
    expect(await idsOf(key, 'status=failed')).toEqual(['moderated']);
    expect(await idsOf(key, 'status=cancelled')).toEqual(['cancelled']);
    expect(await idsOf(key, 'status=queued')).toEqual([]);
    expect(await idsOf(key, 'provider=fal')).toEqual(['moderated']);
    expect(await idsOf(key, 'dialect=openai')).toEqual(['cancelled']);
    expect(await idsOf(key, `fingerprint=${fingerprint}`)).toEqual(['other']);
    expect(await idsOf(key, 'from=2026-11-10&to=2026-11-10')).toEqual(['cancelled', 'moderated']);
    expect(await idsOf(key, 'from=2026-11-11')).toEqual(['other']);
    expect(await idsOf(key, 'to=2026-11-10T12:00:00Z')).toEqual(['moderated']);
    expect(await idsOf(key, 'provider=x%27%20OR%201=1')).toEqual([]);
  });

  it('is that of the key’s own account, but for admins', async () => {
    const key = await addAccount('tasks-own');
    await record(
      purchase({ accountId: 'tasks-own', task: 'mine' }),
      purchase({ accountId: 'tasks-foreign', task: 'theirs' }),
    );
    expect(await idsOf(key, '')).toEqual(['mine']);
    expect((await call('/v1/tasks?account=tasks-foreign', { key })).status).toBe(403);
    const { data } = await (await call('/v1/tasks?account=tasks-foreign')).json<Page>();
    expect(data.map(({ id }) => id)).toEqual(['theirs']);
    expect((await call('/v1/tasks?account=*')).status).toBe(400);
    expect((await call('/v1/tasks', { key: null })).status).toBe(401);
    expect((await call('/v1/tasks')).headers.get('cache-control')).toBe('private, no-store');
    expect((await call('/v1/tasks', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('has what is under way of every account, asked for one after the other with the operator’s token', async () => {
    const key = env.ADMIN_TOKEN;
    const underWay = new Set<string>();
    for (const name of ['tasks-busy', 'tasks-busy-too']) {
      const prompt = `sandbox:slow of ${name}`;
      const { id } = await submitted({ prompt, seed: 1 }, { key: await addAccount(name) });
      underWay.add(id);
    }
    const refused = await call('/v1/tasks?account=*&status=rendering', { key });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('the id of one account')]);
    const accounts = await allPages<{ id: string }>('accounts', 50);
    const pages = accounts.flatMap(({ id }) =>
      ['queued', 'rendering'].map((status) => `account=${id}&status=${status}`),
    );
    const found = (await Promise.all(pages.map((query) => idsOf(key, query)))).flat();
    expect(new Set(found)).toEqual(underWay);
  });

  it.each([
    ['status=done', 'status'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1.5', 'limit'],
    ['fingerprint=abc', 'fingerprint'],
    ['from=tomorrow', 'from'],
    ['cursor=~', 'cursor'],
    [`cursor=${btoa('["open",1]')}`, 'cursor'],
    [`cursor=${btoa('["settled",1e99,"x"]')}`, 'cursor'],
    ['colour=red', 'colour'],
  ])('does not take %s', async (query, field) => {
    const response = await call(`/v1/tasks?${query}`);
    expect(response.status).toBe(400);
    const { error } = await response.json<{ error: { code: string; issues: { field: string }[] } }>();
    expect([error.code, error.issues[0]?.field]).toEqual(['invalid_request', field]);
  });
});
