import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import type { TaskStatus } from '../core/task';
import { tasksQuerySchema, type WireListedTask } from '../core/wire/task';
import { isoTime } from '../core/wire/values';
import { type ListedTask, pageOfTasks, statusOf } from '../pipeline/list-tasks';
import { dayMs } from '../storage/usage-ledger';
import { oneAccountAsked, withSecretReader } from './asked-account';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';

/** `GET /v1/tasks`: what an account pays for, or paid for, the newest first. */
export const tasksRoute = new Hono<FrontEnv>()
  .get('/v1/tasks', withSecretReader, zValidator('query', tasksQuerySchema, refuse), async (c) => {
    const { limit, cursor = null, account, from, to, ...wanted } = c.req.valid('query');
    const filter = {
      status: wanted.status ?? null,
      provider: wanted.provider ?? null,
      dialect: wanted.dialect ?? null,
      fingerprint: wanted.fingerprint ?? null,
      from: from === undefined ? null : Date.parse(from),
      before: to === undefined ? null : afterOf(to),
    };
    const accountId = oneAccountAsked(c, account);
    const page = await pageOfTasks(c.var.front.ports, accountId, { filter, limit, cursor });
    const { origin } = new URL(c.req.url);
    return c.json({ object: 'list', data: page.tasks.map((task) => wireListed(task, origin)), next: page.next });
  })
  .all('/v1/tasks', refuseOtherMethods('GET', 'HEAD'));

function wireListed(listed: ListedTask, origin: string): WireListedTask {
  if (listed.kind === 'open') {
    const { open, view } = listed;
    return {
      ...named(open.task, origin),
      ...{ status: statusOf(view), outcome: null, fingerprint: open.fingerprint, dialect: open.dialect },
      ...{ provider: view?.provider ?? null, key: open.keyId, purchase: null },
      ...{ quoted_micros: open.reservedMicros, spent_micros: 0, actual_micros: null },
      ...{ created_at: isoTime(open.since), ended_at: null },
    };
  }
  const { settled } = listed;
  return {
    ...named(settled.task, origin),
    ...{ status: statusOfOutcome(settled.outcome), outcome: settled.outcome, fingerprint: settled.fingerprint },
    ...{ dialect: settled.dialect, provider: settled.provider, key: settled.keyId, purchase: settled.id },
    ...{ quoted_micros: settled.quotedMicros, spent_micros: settled.spentMicros, actual_micros: settled.actualMicros },
    created_at: isoTime(settled.queuedAt),
    ended_at: isoTime(settled.settledAt),
  };
}

const named = (task: string, origin: string) => ({
  object: 'task' as const,
  id: task,
  urls: { self: `${origin}/v1/tasks/${task}` },
});

function statusOfOutcome(outcome: string): TaskStatus {
  return outcome === 'ready' || outcome === 'cancelled' ? outcome : 'failed';
}

/** The first moment that is not meant any more. */
function afterOf(to: string): number {
  return to.length === 'YYYY-MM-DD'.length ? Date.parse(to) + dayMs : Date.parse(to) + 1;
}
