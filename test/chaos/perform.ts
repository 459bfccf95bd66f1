import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSimulator } from '../vendors/serve.ts';
import { actOn } from './acts.ts';
import { followTasks } from './follow.ts';
import { type LoadParts, place } from './load.ts';
import { payIn } from './open-accounts.ts';
import { placeInTime } from './place-in-time.ts';
import type { Plan, Trouble } from './plan.ts';
import type { KillableService } from './service.ts';

interface Performance {
  readonly plan: Plan;
  readonly vendors: readonly RunningSimulator[];
  readonly load: LoadParts;
  readonly say: (line: string) => void;
}

const saidEveryMs = 5_000;

/**
 * Does what is planned, each at its time, and no more once the time is up; ends when every order that was placed was
 * answered. @returns the plan as it was performed: on a slow machine without its last orders
 */
export async function perform({ plan, vendors, load, say }: Performance): Promise<Plan> {
  const { front } = load;
  const { service } = front;
  const startedAt = Date.now();
  const endsAt = startedAt + plan.seconds * 1000;
  const at = (time: number) => sleep(Math.max(0, startedAt + time - Date.now()));
  let isOver = false;
  const following = followTasks(front, () => isOver);
  const saying = setInterval(() => say(progressOf(load, Date.now() - startedAt)), saidEveryMs);
  try {
    const [placed] = await Promise.all([
      placeInTime(plan.orders, { startedAt, endsAt }, (order) => place(load, order)),
      killAgainAndAgain(service, plan, endsAt),
      inOrder(plan.troubles, async (trouble) => {
        await at(trouble.at);
        vex(vendors, trouble);
      }),
      ...plan.topUps.map(async ({ at: time, account, micros }, index) => {
        await at(time);
        await payIn(front, { account, micros, once: `top-up-${index}` });
      }),
      ...plan.acts.map(async (act) => {
        await at(act.at);
        await actOn(front, act);
      }),
      at(plan.seconds * 1000).then(() => {
        appease(vendors);
        say('The time is up: what was ordered is seen through.');
      }),
    ]);
    return { ...plan, orders: plan.orders.slice(0, placed) };
  } finally {
    clearInterval(saying);
    isOver = true;
    await following;
  }
}

/** The last one is when the load ends: what hangs then is cut off too. */
async function killAgainAndAgain(service: KillableService, { kills }: Plan, endsAt: number): Promise<void> {
  for (const { upMs, downMs } of kills) {
    const isLast = Date.now() + upMs >= endsAt;
    await sleep(isLast ? Math.max(0, endsAt - Date.now()) : upMs);
    await service.kill();
    await sleep(downMs);
    await service.start();
    if (isLast) return;
  }
}

async function inOrder<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

function vex(vendors: readonly RunningSimulator[], { vendor, failure, times, latencyMs }: Trouble): void {
  const shop = vendors.find(({ simulator }) => simulator.id === vendor)?.shop;
  if (shop === undefined) return;
  shop.latencyMs = latencyMs;
  shop.failWith(failure, times);
}

/** From now on all goes well. */
function appease(vendors: readonly RunningSimulator[]): void {
  for (const { shop } of vendors) {
    shop.latencyMs = 50;
    shop.failWith('none');
  }
}

function progressOf({ front: { witness, service } }: LoadParts, elapsedMs: number): string {
  const lost = witness.notes.filter(({ kind }) => kind === 'lost').length;
  return [
    `${String(Math.round(elapsedMs / 1000)).padStart(4)} s`,
    `${witness.notes.length} requests`,
    `${lost} connections lost`,
    `${service.kills} kills`,
    `${witness.tasks.size} tasks, ${witness.openTasks().length} open`,
  ].join(', ');
}
