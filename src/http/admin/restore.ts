import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { noteMissing, type RestorePage, restoreAccounts, restoreListing } from '../../accounts/restore';
import type { WireRestoration } from '../../core/wire/administration';
import type { FrontEnv } from '../front';
import { readJson } from '../read-json';
import { refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';

export const restoreCursorSchema = z.strictObject({ cursor: z.string().max(4000).nullish() });
const restorations = {
  '/v1/admin/restore/listing': restoreListing,
  '/v1/admin/restore/accounts': restoreAccounts,
  '/v1/admin/restore/missing': noteMissing,
} as const;
type Path = keyof typeof restorations;
const paths = Object.keys(restorations) as Path[];

/** `/v1/admin/restore`: what puts right what a lost database or bucket left behind, a page at a time. Safe to repeat. */
export const adminRestore = new Hono<FrontEnv>();
for (const path of paths) {
  adminRestore.post(path, withScope('admin'), async (c) => await restorePage(c, path));
  adminRestore.all(path, refuseOtherMethods('POST'));
}

async function restorePage(c: Context<FrontEnv>, path: Path): Promise<Response> {
  const { restoring, administration } = c.var.front;
  const { cursor = null } = await readJson(c.req.raw, restoreCursorSchema);
  const { checked, restored, next }: RestorePage = await restorations[path](restoring, cursor);
  const action = path.replace('/v1/admin/', '').replace('/', '.');
  if (restored > 0) {
    const entry = { at: Date.now(), actor: c.var.actor, action, target: 'ledger', details: { checked, restored } };
    await administration.audit.record(entry);
  }
  return c.json<WireRestoration>({ object: 'restoration', checked, restored, next });
}
