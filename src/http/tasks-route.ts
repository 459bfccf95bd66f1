import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import type { TaskStatus } from '../core/task';
import { type ListedTask, pageOfTasks, statusOf } from '../pipeline/list-tasks';
import { dayMs } from '../storage/usage-ledger';
import { oneAccountAsked, withReader } from './asked-account';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';

const statuses = ['queued', 'rendering', 'ready', 'failed', 'cancelled'] as const;
const limitMessage = 'expected a whole number from 1 to 200.';
const time = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'expected a UTC day such as 2026-11-30, or a time such as 2026-11-30T12:00:00Z.',
);

const tasksQuerySchema = z.strictObject({
  status: z.enum(statuses, `expected one of ${statuses.join(', ')}.`).optional(),
  provider: z.string().max(40).optional(),
  dialect: z.string().max(40).optional(),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits.')
    .optional(),
  /** A day stands for all of it: `to=2026-11-30` includes what ended on it. */
  from: time.optional(),
  to: time.optional(),
  limit: z.coerce.number(limitMessage).int(limitMessage).min(1, limitMessage).max(200, limitMessage).default(50),
  cursor: z.string().max(1000).optional(),
  account: z.string().min(1).max(200).optional(),
});

/** `GET /v1/tasks`: what an account pays for, or paid for, the newest first. */
export const tasksRoute = new Hono<FrontEnv>()
  .get('/v1/tasks', withReader, zValidator('query', tasksQuerySchema, refuse), async (c) => {
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

function wireListed(listed: ListedTask, origin: string) {
  if (listed.kind === 'open') {
    const { open, view } = listed;
    return {
      ...named(open.task, origin),
      ...{ status: statusOf(view), outcome: null, fingerprint: open.fingerprint, dialect: open.dialect },
      ...{ provider: view?.provider ?? null, key: open.keyId, purchase: null },
      ...{ quoted_micros: open.reservedMicros, spent_micros: 0, actual_micros: null },
      ...{ created_at: new Date(open.since).toISOString(), ended_at: null },
    };
  }
  const { settled } = listed;
  return {
    ...named(settled.task, origin),
    ...{ status: statusOfOutcome(settled.outcome), outcome: settled.outcome, fingerprint: settled.fingerprint },
    ...{ dialect: settled.dialect, provider: settled.provider, key: settled.keyId, purchase: settled.id },
    ...{ quoted_micros: settled.quotedMicros, spent_micros: settled.spentMicros, actual_micros: settled.actualMicros },
    created_at: new Date(settled.queuedAt).toISOString(),
    ended_at: new Date(settled.settledAt).toISOString(),
  };
}

const named = (task: string, origin: string) => ({
  object: 'task',
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
