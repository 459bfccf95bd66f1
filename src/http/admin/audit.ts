import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import type { WireAuditEntry } from '../../core/wire/administration';
import { isoTime } from '../../core/wire/values';
import type { AuditEntry } from '../../storage/audit-log';
import type { FrontEnv } from '../front';
import { cursorOf, pageQuerySchema, positionOf, wirePage } from '../page';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';

/** `/v1/admin/audit`: who changed what, the newest first. */
export const adminAudit = new Hono<FrontEnv>()
  .get('/v1/admin/audit', withScope('admin'), zValidator('query', pageQuerySchema, refuse), async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const rows = await c.var.front.administration.audit.list(positionOf(cursor), limit + 1);
    return c.json(wirePage(rows, { limit, wire: wireEntry, place: cursorOf }));
  })
  .all('/v1/admin/audit', refuseOtherMethods('GET', 'HEAD'));

const wireEntry = (entry: AuditEntry): WireAuditEntry => ({ object: 'audit_entry', ...entry, at: isoTime(entry.at) });
