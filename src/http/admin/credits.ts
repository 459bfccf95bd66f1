import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../../core/fault';
import type { CreditRow } from '../../storage/credit-table';
import type { FrontEnv } from '../front';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';
import { cursorOf, isoTime, pageQuerySchema, positionOf, wirePage } from './page';

const path = '/v1/admin/accounts/:id/credits';
const most = 1e12;
const wholeMicros = 'expected whole micro-dollars, at most a million dollars of them.';
const micros = z.int(wholeMicros).max(most, wholeMicros);
const credited = micros.min(1, 'expected at least 1 micro-dollar.');
const note = z.string().max(500, 'expected at most 500 characters.').default('');
const percent = 'expected a percentage from 0 to 100.';

const creditSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('top_up'),
      micros: credited,
      fee_percent: z.number(percent).min(0, percent).max(100, percent).optional(),
      note,
    }),
    z.strictObject({
      kind: z.literal('adjustment'),
      micros: micros.min(-most, wholeMicros).refine((value) => value !== 0, 'expected another amount than 0.'),
      note,
    }),
    z.strictObject({
      kind: z.literal('refund'),
      micros: credited,
      note,
      purchase_id: z.string('expected the id of the purchase.').min(1).max(200),
    }),
  ],
  'expected top_up, adjustment or refund.',
);

/** Money of accounts that moves without a purchase. */
export const adminCredits = new Hono<FrontEnv>()
  .post(path, withScope('admin'), async (c) => {
    const { accounts, desk, topUpFeePercent } = c.var.front.administration;
    const { id } = await accounts.find(c.req.param('id'));
    const credit = await readJson(c.req.raw, creditSchema);
    const { entries, balanceMicros } = await desk.book(c.var.actor, id, {
      kind: credit.kind,
      micros: credit.micros,
      note: credit.note,
      feePercent: credit.kind === 'top_up' ? (credit.fee_percent ?? topUpFeePercent) : 0,
      purchaseId: credit.kind === 'refund' ? credit.purchase_id : null,
      idempotencyKey: idempotencyKeyOf(c.req.raw.headers),
    });
    return c.json({ object: 'credit', entries: entries.map(wireEntry), balance_micros: balanceMicros }, 201);
  })
  .get(path, withScope('admin'), zValidator('query', pageQuerySchema, refuse), async (c) => {
    const { accounts, credits } = c.var.front.administration;
    const { limit, cursor } = c.req.valid('query');
    const { id } = await accounts.find(c.req.param('id'));
    const rows = await credits.list(id, positionOf(cursor), limit + 1);
    return c.json(wirePage(rows, { limit, wire: wireEntry, place: cursorOf }));
  })
  .all(path, refuseOtherMethods('GET', 'HEAD', 'POST'));

function idempotencyKeyOf(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null || (key !== '' && key.length <= 255)) return key;
  throw Fault.ofField('idempotency-key', 'expected 1 to 255 characters.');
}

function wireEntry({ id, kind, micros: moved, note: told, purchaseId, at }: CreditRow) {
  return { id, kind, micros: moved, note: told, purchase_id: purchaseId, at: isoTime(at) };
}
