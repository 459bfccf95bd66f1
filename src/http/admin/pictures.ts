import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { type Account, developmentAccount } from '../../accounts/account';
import { Fault } from '../../core/fault';
import type { WireRerender } from '../../core/wire/administration';
import { checkAnyPurge } from '../../pipeline/check-purge';
import type { Caller } from '../../pipeline/ports';
import { rerenderImage } from '../../pipeline/rerender-image';
import { whileClaimed } from '../../pipeline/while-claimed';
import { publicNamespace, type Recipe } from '../../storage/recipe';
import { purgeEdge } from '../edge-cache';
import type { FrontEnv } from '../front';
import { readPreference } from '../preference';
import { fingerprintParamSchema, purgePicture } from '../purge-picture';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';
import { accountNamed } from './named-account';

const [one, again] = ['/v1/admin/pictures/:fingerprint', '/v1/admin/pictures/:fingerprint/rerender'];
export const rerenderOrderSchema = z.strictObject({
  /** Who pays; absent: who bought the picture first. */
  account: z.string().min(1).max(40, 'expected the id of an account.').optional(),
});

/** Stored pictures: to delete one for good, or to see whether its recipe still makes the same picture. */
export const adminPictures = new Hono<FrontEnv>()
  .delete(one, withScope('admin'), zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const { ports, register, administration } = c.var.front;
    const parts = { ports, register, files: administration.files };
    return await purgePicture(c, { fingerprint, check: () => checkAnyPurge(parts, fingerprint) });
  })
  .post(again, withScope('admin'), zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const { account = null } = await readJson(c.req.raw, rerenderOrderSchema);
    const { claims } = c.var.front.administration;
    return await whileClaimed(claims, { fingerprint, purpose: 'rerender' }, () => rerender(c, fingerprint, account));
  })
  .all(again, refuseOtherMethods('POST'))
  .all(one, refuseOtherMethods('DELETE'));

/** `payer`: the id of an account; null: who bought the picture first. */
async function rerender(c: Context<FrontEnv>, fingerprint: string, payer: string | null): Promise<Response> {
  const { ports, references, administration } = c.var.front;
  const { pictures, audit } = administration;
  const recipe = await ports.pictures.recipe(fingerprint);
  if (recipe === null) throw new Fault('not_found', 'There is no such picture.');
  const first = await pictures.find(fingerprint);
  const account = await accountNamed(c, payer ?? first?.accountId ?? developmentAccount.id);
  checkMaySee(account, recipe);
  const tell = (about: object) => {
    const details = { account: account.id, ...about };
    return audit.record({
      at: Date.now(),
      actor: c.var.actor,
      action: 'picture.rerender',
      target: fingerprint,
      details,
    });
  };
  // Before it is bought, too: it goes on, and is paid for, if nobody lives to tell how it ended.
  await tell({ begun: true });
  const { task, sha256 } = await rerenderImage(ports, callerFor(c, account), recipe, references.bytes.bind(references));
  const before = first?.sha256 ?? recipe.facts.sha256;
  const same = sha256 === before;
  const edge = sha256 === recipe.facts.sha256 ? {} : await purgeEdge(c.executionCtx, fingerprint);
  const digests = { before_sha256: before, after_sha256: sha256 };
  await tell({ task, ...digests, ...edge });
  return c.json<WireRerender>({ object: 'rerender', fingerprint, task, ...digests, same, ...edge });
}

/** Who pays for a picture has its task, which shows it, and what it was made from. */
function checkMaySee({ namespace }: Account, { request }: Recipe): void {
  if (request.namespace === publicNamespace || request.namespace === namespace) return;
  throw Fault.ofField('account', 'expected the account whose private picture this is: who pays for it can see it.');
}

function callerFor(c: Context<FrontEnv>, account: Account): Caller {
  return {
    account,
    key: null,
    dialect: 'fluxgate',
    preference: { ...readPreference(c.req.raw.headers), idempotencyKey: null },
    origin: new URL(c.req.url).origin,
    defer: (work) => c.executionCtx.waitUntil(work),
  };
}
