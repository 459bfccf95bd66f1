import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../core/fault';
import type { WirePin } from '../core/wire/pin';
import { sentFingerprint } from '../core/wire/values';
import type { Pin } from '../storage/picture-register';
import type { FrontEnv } from './front';
import { fingerprintParamSchema } from './purge-picture';
import { refuse, refuseOtherMethods } from './refuse';
import { withSecretKey } from './with-account';

const path = '/v1/pins/:fingerprint';
const mayGenerate = withSecretKey('generate');
const pageLength = 100;
export const pinPageSchema = z.strictObject({ cursor: sentFingerprint.optional() });

/** `/v1/pins`: pictures that their account keeps whatever the retention, such as those of a site's lock file. */
export const pinRoutes = new Hono<FrontEnv>()
  .get('/v1/pins', mayGenerate, zValidator('query', pinPageSchema, refuse), async (c) => {
    const { cursor = '' } = c.req.valid('query');
    const pins = await c.var.front.register.pins(c.var.account.id, cursor, pageLength);
    const next = pins.length === pageLength ? pins.at(-1)?.fingerprint : undefined;
    return c.json({ object: 'list', data: pins.map(wirePin), next: next ?? null });
  })
  .put(path, mayGenerate, zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const { register, pictures } = c.var.front;
    const now = Date.now();
    const storedAt = (await pictures.facts(fingerprint)) === null ? null : now;
    const pinning = await register.pin(c.var.account.id, fingerprint, { now, storedAt });
    if (pinning.kind === 'pinned') return c.json(wirePin(pinning.pin));
    throw pinning.kind === 'missing' ? notBought() : beingDeleted();
  })
  .delete(path, mayGenerate, zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const isUnpinned = await c.var.front.register.unpin(c.var.account.id, fingerprint);
    if (!isUnpinned) throw new Fault('not_found', 'This account has no such pin.');
    return c.body(null, 204);
  })
  .all('/v1/pins', refuseOtherMethods('GET', 'HEAD'))
  .all(path, refuseOtherMethods('PUT', 'DELETE'));

function notBought(): Fault {
  return new Fault('not_found', 'This account bought no picture of that fingerprint, or it is stored no more.');
}

function beingDeleted(): Fault {
  const message = 'This picture is just being deleted, so it cannot be pinned. Order it again once it is gone.';
  return new Fault('conflict', message, { retryAfterSeconds: 5 });
}

function wirePin({ fingerprint, sha256, pinnedAt }: Pin): WirePin {
  return { object: 'pin', fingerprint, sha256, pinned_at: new Date(pinnedAt).toISOString() };
}
