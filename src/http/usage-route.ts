import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../core/fault';
import { mostGroups, type UsageDimension, type UsageGroup, usageDimensions } from '../storage/usage-reports';
import { accountAsked, withReader } from './asked-account';
import { csvOf } from './csv';
import { dayRangeFields, dayRangeOf } from './day-range';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';
import { sumOfGroups, type WireGroup, wireFigures, wireGroup } from './usage-wire';

const groupMessage = `expected a list of ${usageDimensions.join(', ')}, separated by commas.`;

const usageQuerySchema = z.strictObject({
  ...dayRangeFields,
  /** What to tell apart, in this order. */
  group: z
    .string()
    .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
    .pipe(z.array(z.enum(usageDimensions, groupMessage)))
    .default(['day']),
  format: z.enum(['json', 'csv'], 'expected json or csv.').default('json'),
  /** Another account, or `*` for all together: for admins alone. */
  account: z.string().min(1).max(200).optional(),
});

/** `GET /v1/usage`: what was bought, hit, joined and saved. */
export const usageRoute = new Hono<FrontEnv>()
  .get('/v1/usage', withReader, zValidator('query', usageQuerySchema, refuse), async (c) => {
    const { group: dimensions, format, account, ...asked } = c.req.valid('query');
    const accountId = accountAsked(c, account);
    const { reports } = c.var.front;
    const query = { accountId, ...dayRangeOf(asked, Date.now()), dimensions };
    const groups = await reports.groups(query);
    if (groups.length > mostGroups)
      throw Fault.ofField('group', `has over ${mostGroups} groups: ask for fewer days, or tell less apart.`);
    const wire = groups.map((group) => wireGroup(group, dimensions));
    if (format === 'csv') return sendCsv(c, dimensions, wire);
    const [days, latency] = await Promise.all([
      isByDay(dimensions) ? groups : reports.groups({ ...query, dimensions: ['day'] }),
      reports.latency(query),
    ]);
    return c.json({
      object: 'usage',
      account: accountId ?? '*',
      from: query.from,
      to: query.to,
      totals: wireFigures(sumOfGroups(days)),
      days: days.map((day: UsageGroup) => wireGroup(day, ['day'])),
      group: dimensions,
      groups: wire,
      latency_seconds: {
        sample: latency.sample,
        ...{ p50: seconds(latency.p50), p95: seconds(latency.p95), p99: seconds(latency.p99) },
      },
    });
  })
  .all('/v1/usage', refuseOtherMethods('GET', 'HEAD'));

const isByDay = (dimensions: readonly UsageDimension[]) => dimensions.length === 1 && dimensions[0] === 'day';
const seconds = (milliseconds: number | null) => (milliseconds === null ? null : milliseconds / 1000);

function sendCsv(c: Context, dimensions: readonly UsageDimension[], groups: readonly WireGroup[]): Response {
  const columns = [...dimensions, ...Object.keys(wireFigures(sumOfGroups([])))];
  return c.body(csvOf(columns, groups), 200, {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="usage.csv"',
  });
}
