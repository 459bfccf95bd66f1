import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import worker from '../../src/index';
import { Retention } from '../../src/storage/retention';
import { countOf, purchase, record } from '../support/ledger-rows';

const now = Date.parse('2026-11-21T12:00:00Z');
const daysAgo = (days: number) => now - days * 86_400_000;
const auditCount = async (target: string) =>
  (await env.LEDGER.prepare('SELECT id FROM audit_entries WHERE target = ?1').bind(target).all()).results.length;

async function addAuditEntry(at: number, target: string): Promise<void> {
  await env.LEDGER.prepare(
    'INSERT INTO audit_entries (at, id, actor, action, target, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)',
  )
    .bind(at, crypto.randomUUID(), 'admin-token', 'key.create', target, '{}')
    .run();
}

async function runSchedule(settings: object = {}): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(now), cron: '17 * * * *' });
  await worker.scheduled(controller, { ...env, ...settings } as Env);
}

describe('the schedule', () => {
  it('removes purchases and audit entries past 400 days, and keeps the sums of their days', async () => {
    const accountId = 'retention';
    await record(...[401, 500, 399, 1].map((days) => purchase({ accountId, settledAt: daysAgo(days) })));
    await addAuditEntry(daysAgo(401), 'retention-old');
    await addAuditEntry(daysAgo(399), 'retention-new');
    for (let run = 0; run < 3; run += 1) await runSchedule();
    expect([await countOf('purchases', accountId), await countOf('purchase_days', accountId)]).toEqual([2, 4]);
    expect([await auditCount('retention-old'), await auditCount('retention-new')]).toEqual([0, 1]);
  });

  it('keeps all for ever where RETENTION_DAYS is 0', async () => {
    await record(purchase({ accountId: 'for-ever', settledAt: 1_000 }));
    await runSchedule({ RETENTION_DAYS: '0' });
    expect(await countOf('purchases', 'for-ever')).toBe(1);
    await runSchedule({ RETENTION_DAYS: '36500' });
    expect(await countOf('purchases', 'for-ever')).toBe(1);
    await runSchedule({ RETENTION_DAYS: '30' });
    expect(await countOf('purchases', 'for-ever')).toBe(0);
  });

  it('does nothing where RETENTION_DAYS is no number of days', async () => {
    for (const days of ['-1', '1.5', 'soon'])
      await expect(runSchedule({ RETENTION_DAYS: days })).rejects.toThrow('RETENTION_DAYS');
  });

  it('says in the audit log that purchases were removed, once for each time', async () => {
    const entries = await env.LEDGER.prepare(
      "SELECT details FROM audit_entries WHERE action = 'retention.remove'",
    ).all();
    expect(entries.results).toHaveLength(2);
    expect(entries.results).toContainEqual({ details: JSON.stringify({ before: Date.parse('2025-10-17') }) });
  });
});

describe('retention', () => {
  it('works in bounded batches, and goes on where it was cut off', async () => {
    const retention = new Retention(env.LEDGER);
    for (const accountId of ['batched-a', 'batched-b']) {
      const rows = Array.from({ length: 60 }, (_, index) =>
        purchase({ accountId, settledAt: daysAgo(900) + (index % 7) }),
      );
      await record(...rows);
    }
    const first = await retention.removeBefore(daysAgo(800), now, { batches: 2, rowsAtOnce: 50 });
    expect(first).toEqual({ purchases: 60, auditEntries: 0, isPartial: true });
    const second = await retention.removeBefore(daysAgo(800), now, { batches: 9, rowsAtOnce: 50 });
    expect(second).toEqual({ purchases: 60, auditEntries: 0, isPartial: false });
    expect([await countOf('purchases', 'batched-a'), await countOf('purchases', 'batched-b')]).toEqual([0, 0]);
  });
});
