import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import { Fault } from '../core/fault';
import { type UsageDimension, usageQuerySchema, type WireGroup, type WireUsage } from '../core/wire/usage';
import { type LatencyReport, mostGroups } from '../storage/usage-reports';
import { accountAsked, withReader } from './asked-account';
import { csvOf } from './csv';
import { dayRangeOf } from './day-range';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';
import { sumOfGroups, wireFigures, wireGroup } from './usage-wire';

/** `GET /v1/usage`: what was bought, hit, joined and saved. */
export const usageRoute = new Hono<FrontEnv>()
  .get('/v1/usage', withReader, zValidator('query', usageQuerySchema, refuse), async (c) => {
    const { group: dimensions, latency, format, account, ...asked } = c.req.valid('query');
    if (latency !== undefined && format === 'csv') throw Fault.ofField('latency', 'comes in JSON alone: leave it out.');
    const accountId = accountAsked(c, account);
    const { reports } = c.var.front;
    const query = { accountId, ...dayRangeOf(asked, Date.now()), dimensions };
    const groups = await reports.groups(query);
    if (groups.length > mostGroups)
      throw Fault.ofField('group', `has over ${mostGroups} groups: ask for fewer days, or tell less apart.`);
    const wire = groups.map((group) => wireGroup(group, dimensions));
    if (format === 'csv') return sendCsv(c, dimensions, wire);
    const [days, overall, byDay] = await Promise.all([
      isByDay(dimensions) ? groups : reports.groups({ ...query, dimensions: ['day'] }),
      reports.latency(query),
      latency === 'day' ? reports.latencyByDay(query) : null,
    ]);
    return c.json<WireUsage>({
      object: 'usage',
      account: accountId ?? '*',
      from: query.from,
      to: query.to,
      totals: wireFigures(sumOfGroups(days)),
      days: days.map((day) => ({ day: day.day ?? '', ...wireFigures(day) })),
      group: dimensions,
      groups: wire,
      latency_seconds: wireLatency(overall),
      ...(byDay === null ? {} : { latency_days: byDay.map(({ day, ...report }) => ({ day, ...wireLatency(report) })) }),
    });
  })
  .all('/v1/usage', refuseOtherMethods('GET', 'HEAD'));

const isByDay = (dimensions: readonly UsageDimension[]) => dimensions.length === 1 && dimensions[0] === 'day';
const wireLatency = ({ sample, p50, p95, p99 }: LatencyReport) => ({
  sample,
  ...{ p50: seconds(p50), p95: seconds(p95), p99: seconds(p99) },
});
const seconds = (milliseconds: number | null) => (milliseconds === null ? null : milliseconds / 1000);

function sendCsv(c: Context, dimensions: readonly UsageDimension[], groups: readonly WireGroup[]): Response {
  const columns = [...dimensions, ...Object.keys(wireFigures(sumOfGroups([])))];
  return c.body(csvOf(columns, groups), 200, {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="usage.csv"',
  });
}
