import { setTimeout as sleep } from 'node:timers/promises';
import { accountIds } from './accounts.ts';
import type { Difference, Standing } from './evidence.ts';
import { type Exchange, exchange, jsonOf } from './exchange.ts';
import { isFinal } from './follow.ts';
import type { Front } from './front.ts';
import type { Plan } from './plan.ts';
import type { Receiver } from './receiver.ts';
import { ways } from './ways.ts';

interface OpenTask {
  readonly id: string;
  readonly ended_at: string | null;
  readonly quoted_micros: number;
}

/** Waits for renders that nobody follows: their callers hung up. */
export async function untilStill(front: Front, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const standings = await Promise.all(accountIds.map((account) => standingOf(front, account)));
    if (standings.every(({ underWay }) => underWay === 0)) return;
    await sleep(1_000);
  }
}

/** Waits for what killed isolates set aside for hits, until it runs out: a minute after they did. */
export async function untilFree(front: Front, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const standings = await Promise.all(accountIds.map((account) => standingOf(front, account)));
    if (standings.every(({ reservedMicros, orphanedMicros }) => reservedMicros <= orphanedMicros)) return;
    await sleep(1_000);
  }
}

/** What an account's object says, beside what its tasks under way are known to be. */
export async function standingOf(front: Front, account: string): Promise<Standing> {
  const open = await openTasks(front, account);
  const known = await Promise.all(open.map(async (task) => ({ task, goesOn: await goesOn(front, account, task) })));
  const orphans = known.filter((one) => !one.goesOn);
  const { standing } = await front.administer<WireAccount>(`/v1/admin/accounts/${account}`);
  return {
    account,
    balanceMicros: standing.balance_micros,
    reservedMicros: standing.reserved_micros,
    dayMicros: standing.day.spent_micros,
    orphanedMicros: orphans.reduce((sum, { task }) => sum + task.quoted_micros, 0),
    orphans: orphans.map(({ task }) => task.id),
    underWay: known.length - orphans.length,
  };
}
interface WireAccount {
  readonly standing: {
    readonly balance_micros: number;
    readonly reserved_micros: number;
    readonly day: { readonly spent_micros: number };
  };
}

async function openTasks(front: Front, account: string): Promise<OpenTask[]> {
  const { data } = await front.administer<{ data: OpenTask[] }>(`/v1/tasks?account=${account}&limit=200`);
  return data.filter(({ ended_at }) => ended_at === null);
}

/**
 * Killed between the reservation and the render's own row, a task was never accepted: nobody has its id, though another
 * may have got the picture since.
 */
async function goesOn(front: Front, account: string, { id }: OpenTask): Promise<boolean> {
  const headers = { authorization: `Bearer ${front.keyOf(account)}` };
  const done = await exchange(`${front.service.url}/v1/tasks/${id}`, { headers });
  if (done.kind !== 'answered' || done.status === 404) return done.kind !== 'answered';
  return !isFinal(jsonOf<{ status: string }>(done).status ?? '');
}

/** Webhooks are tried again after 5 and after 30 seconds. */
export async function untilTold(front: Front, { taken }: Receiver, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  const isTold = () =>
    [...front.witness.tasks.values()].every(({ webhookPath }) => webhookPath === null || taken.has(webhookPath));
  while (!isTold() && Date.now() < deadline) await sleep(500);
}

/** Asks for the fingerprint of every picture: a quote buys nothing. One key draws one seed, for a quote too. */
export async function quoteAll(front: Front, { orders }: Plan): Promise<void> {
  const first = new Map(orders.toReversed().map((order) => [order.picture.index, order]));
  await inTurns([...first.values()], async ({ index, account, picture, way }) => {
    const name = way === 'link' ? 'bfl' : way;
    const headers = picture.seed === null ? { 'idempotency-key': `order-${index}` } : {};
    const json = ways[name].body(picture, null);
    const { pictures: quoted } = await front.ask<{ pictures: QuotedPicture[] }>(
      account,
      `/v1/quote?dialect=${ways[name].dialect}`,
      { json, headers },
    );
    for (const { fingerprint, parameters } of quoted) {
      front.witness.print(picture.index, fingerprint);
      front.witness.seeds.set(parameters.seed, picture.index);
    }
  });
}
interface QuotedPicture {
  readonly fingerprint: string;
  readonly parameters: { readonly seed: number };
}

/** Opens every picture that a task was told to have. @returns the URLs that fail */
export async function deadUrlsOf(front: Front): Promise<string[]> {
  const urls = new Set([...front.witness.tasks.values()].flatMap(({ end }) => end?.pictureUrl ?? []));
  const dead: string[] = [];
  await inTurns([...urls], async (url) => {
    const done = await front.send(url);
    if (!isPicture(done)) dead.push(url);
  });
  return dead;
}

const isPicture = (done: Exchange) =>
  done.kind === 'answered' && done.status === 200 && done.headers['content-type']?.startsWith('image/') === true;

/** Everything that the service itself finds not to add up. */
export async function reconcile(front: Front): Promise<{ checked: number; differences: Difference[] }> {
  const found = { checked: 0, differences: [] as Difference[] };
  for (const part of ['accounts', 'pictures']) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const page: ReconcilePage = await front.administer<ReconcilePage>(`/v1/admin/reconcile/${part}${query}`);
      found.checked += page.checked;
      found.differences.push(...page.differences);
      cursor = page.next;
    }
  }
  return found;
}
interface ReconcilePage {
  readonly checked: number;
  readonly differences: readonly Difference[];
  readonly next: string | null;
}

/** Some at once, all in the end. */
async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const next = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 12 }, next));
}
