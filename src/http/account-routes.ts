import { zValidator } from '@hono/zod-validator';
import { type Context, Hono, type Next } from 'hono';
import * as z from 'zod';
import { headerCredential, schemeCredential } from '../core/credential';
import { Fault } from '../core/fault';
import type { UsageDay, UsageTotals } from '../storage/usage-ledger';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';

const dayMs = 86_400_000;
const usageQuerySchema = z.strictObject({
  /** How many days back, today included. */
  days: z.coerce.number('expected a whole number from 1 to 366.').int().min(1).max(366).default(30),
});

/** What an account can learn about itself. Any of the usual ways to send a key will do. */
export const accountRoutes = new Hono<FrontEnv>()
  .get('/v1/usage', withAccount, zValidator('query', usageQuerySchema, refuse), async (c) => {
    const since = Date.now() - (c.req.valid('query').days - 1) * dayMs;
    const days = await c.var.front.ledger.byDay(c.var.account.id, since);
    return c.json({
      object: 'usage',
      account: c.var.account.id,
      totals: wireTotals(sum(days)),
      days: days.map(wireDay),
    });
  })
  .get('/v1/webhooks/secret', withAccount, async (c) => {
    return c.json({ object: 'webhook_secret', key: await c.var.front.signatures.webhookSecret(c.var.account.id) });
  })
  .all('/v1/usage', refuseOtherMethods('GET', 'HEAD'))
  .all('/v1/webhooks/secret', refuseOtherMethods('GET', 'HEAD'));

/** Requires a key, in whatever header the dialects know. */
export async function withAccount(c: Context<FrontEnv>, next: Next): Promise<void> {
  const { headers } = c.req.raw;
  const key =
    schemeCredential(headers, ['Bearer', 'Token', 'Key']) ??
    headerCredential(headers, 'x-key') ??
    headerCredential(headers, 'api-key');
  if (key === null) throw new Fault('unauthenticated', 'An API key is needed: send it as "Authorization: Bearer …".');
  const account = await c.var.front.keyRing.accountOf(key, new URL(c.req.url).origin);
  if (account === null) throw new Fault('unauthenticated', 'The API key is not valid: unknown, expired or revoked.');
  c.set('account', account);
  await next();
  c.header('cache-control', 'private, no-store');
}

const wireDay = (day: UsageDay) => ({ day: day.day, ...wireTotals(day) });

function wireTotals(totals: UsageTotals) {
  return {
    purchases: totals.purchases,
    pictures: totals.pictures,
    spent_micros: totals.spentMicros,
    hits: totals.hits,
    joins: totals.joins,
    saved_micros: totals.savedMicros,
  };
}

function sum(days: readonly UsageDay[]): UsageTotals {
  const add = (key: keyof UsageTotals) => days.reduce((total, day) => total + day[key], 0);
  return {
    purchases: add('purchases'),
    pictures: add('pictures'),
    spentMicros: add('spentMicros'),
    hits: add('hits'),
    joins: add('joins'),
    savedMicros: add('savedMicros'),
  };
}
