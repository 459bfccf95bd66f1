import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { Fault } from '../../core/fault';
import { newCreditSchema, type WireCreditBooking, type WireCreditEntry } from '../../core/wire/credit';
import { isoTime } from '../../core/wire/values';
import type { CreditRow } from '../../storage/credit-table';
import type { FrontEnv } from '../front';
import { cursorOf, pageQuerySchema, positionOf, wirePage } from '../page';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';
import { accountNamed, changeableAccount } from './named-account';

const path = '/v1/admin/accounts/:id/credits';

/** Money of accounts that moves without a purchase. */
export const adminCredits = new Hono<FrontEnv>()
  .post(path, withScope('admin'), async (c) => {
    const { desk, topUpFeePercent } = c.var.front.administration;
    const { id } = await changeableAccount(c, c.req.param('id'));
    const credit = await readJson(c.req.raw, newCreditSchema);
    const { entries, balanceMicros } = await desk.book(c.var.actor, id, {
      kind: credit.kind,
      micros: credit.micros,
      note: credit.note,
      feePercent: credit.kind === 'top_up' ? (credit.fee_percent ?? topUpFeePercent) : 0,
      purchaseId: credit.kind === 'refund' ? credit.purchase_id : null,
      idempotencyKey: idempotencyKeyOf(c.req.raw.headers),
    });
    const booked: WireCreditBooking = {
      object: 'credit',
      entries: entries.map(wireEntry),
      balance_micros: balanceMicros,
    };
    return c.json(booked, 201);
  })
  .get(path, withScope('admin'), zValidator('query', pageQuerySchema, refuse), async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const { id } = await accountNamed(c, c.req.param('id'));
    const rows = await c.var.front.administration.credits.list(id, positionOf(cursor), limit + 1);
    return c.json(wirePage(rows, { limit, wire: wireEntry, place: cursorOf }));
  })
  .all(path, refuseOtherMethods('GET', 'HEAD', 'POST'));

function idempotencyKeyOf(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null || (key !== '' && key.length <= 255)) return key;
  throw Fault.ofField('idempotency-key', 'expected 1 to 255 characters.');
}

function wireEntry({ id, kind, micros: moved, note: told, purchaseId, at }: CreditRow): WireCreditEntry {
  return { id, kind, micros: moved, note: told, purchase_id: purchaseId, at: isoTime(at) };
}
