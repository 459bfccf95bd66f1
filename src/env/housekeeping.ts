import { expirePictures } from '../storage/expire-pictures';
import { sweepRenditions } from '../storage/sweep-renditions';
import { dayMs } from '../storage/usage-ledger';
import type { Service } from './service';

/**
 * What is done by the clock: each job is safe to repeat, goes on at the next run where it was cut off, and keeps no
 * other from its work where it fails.
 */
export async function housekeeping(service: Service, now: number): Promise<void> {
  const done = await Promise.allSettled([
    applyRetention(service, now),
    applyPictureRetention(service, now),
    resealKeys(service),
    applySweep(service, now),
  ]);
  const failed = done.find((job) => job.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Removes purchases and audit entries that are older than the operator keeps, a whole UTC day at a time. */
async function applyRetention({ retention, config }: Service, now: number): Promise<void> {
  if (config.RETENTION_DAYS === 0) return;
  const before = Math.floor(now / dayMs) * dayMs - config.RETENTION_DAYS * dayMs;
  const removed = await retention.removeBefore(before, now);
  if (removed.purchases + removed.auditEntries > 0) console.log(JSON.stringify({ event: 'retention', ...removed }));
}

/** While the deployment's secret is changed: vendor keys of callers that the previous one sealed are sealed anew. */
async function resealKeys({ providerKeys, config }: Service): Promise<void> {
  if (config.SIGNING_SECRET_PREVIOUS === undefined) return;
  const resealed = await providerKeys.resealAll();
  console.log(JSON.stringify({ event: 'keys-resealed', keys: resealed }));
}

/** Deletes pictures that are older than the operator keeps, and that nobody pinned. */
async function applyPictureRetention({ register, administration, config }: Service, now: number): Promise<void> {
  const rule = { retentionDays: config.PICTURE_RETENTION_DAYS, now };
  const { files, claims } = administration;
  const expired = await expirePictures({ register, claims, files }, rule);
  if (expired > 0) console.log(JSON.stringify({ event: 'pictures-expired', pictures: expired }));
}

/** Removes renditions that outlived their masters. */
async function applySweep({ register, administration, pictures }: Service, now: number): Promise<void> {
  const strays = await sweepRenditions({ register, files: administration.files, pictures }, { now });
  if (strays > 0) console.log(JSON.stringify({ event: 'strays-removed', files: strays }));
}
