import type { Context } from 'hono';
import * as z from 'zod';
import type { WirePurge } from '../core/wire/administration';
import { sentFingerprint } from '../core/wire/values';
import { whileClaimed } from '../pipeline/while-claimed';
import { purgeEdge } from './edge-cache';
import type { FrontEnv } from './front';

/** A path that names a picture. */
export const fingerprintParamSchema = z.object({ fingerprint: sentFingerprint });

interface Purge {
  readonly fingerprint: string;
  /** Whether it may be deleted, looked at once nobody can pin it or make it again any more. @throws Fault */
  readonly check: () => Promise<void>;
  /** For the audit log. */
  readonly about?: object;
}

/**
 * Deletes a picture for good, whoever may: its files, its row and its pins, its copies at the edge. The audit log tells
 * who did. What was paid for it stays in the ledger.
 * @throws Fault `conflict` while it is being made again or deleted, and whatever `check` throws
 */
export async function purgePicture(c: Context<FrontEnv>, { fingerprint, check, about = {} }: Purge): Promise<Response> {
  const { files, claims, pictures, audit } = c.var.front.administration;
  return await whileClaimed(claims, { fingerprint, purpose: 'removal' }, async () => {
    await check();
    const { objects, bytes } = await files.remove(fingerprint);
    // After the files, so that no cache takes them in again.
    const edge = await purgeEdge(c.executionCtx, fingerprint);
    const details = { ...about, objects, bytes, ...edge };
    const entry = { at: Date.now(), actor: c.var.actor, action: 'picture.purge', target: fingerprint, details };
    // Whose it was is known as long as copies are left at the edge: the same account may try again.
    const forgotten = edge.edge_cache === 'failed' ? [] : pictures.removal(fingerprint);
    await audit.record(entry, [pictures.noteRemoval(fingerprint, entry.at), ...forgotten]);
    return c.json<WirePurge>({ object: 'purge', fingerprint, objects, bytes, ...edge });
  });
}
