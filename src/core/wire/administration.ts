import * as z from 'zod';
import { fingerprint, time } from './values';

const next = z.string().nullable().describe('The cursor of the next page; null at the end.');

const edgeCache = {
  edge_cache: z
    .enum(['purged', 'absent', 'failed'])
    .describe(
      'What became of the copies at the edge; `absent`: there is no cache in front of the service, as locally.',
    ),
  edge_cache_message: z.string().describe('What that means to whoever wanted the picture gone.'),
};

export const purgeSchema = z.object({
  object: z.literal('purge'),
  fingerprint,
  objects: z.int().describe('How many files are gone.'),
  bytes: z.int().describe('How large they were.'),
  ...edgeCache,
});
export type WirePurge = z.output<typeof purgeSchema>;

export const rerenderSchema = z.object({
  object: z.literal('rerender'),
  fingerprint,
  task: z.string(),
  before_sha256: z.string(),
  after_sha256: z.string(),
  same: z.boolean(),
  ...z.object(edgeCache).partial().shape,
});
export type WireRerender = z.output<typeof rerenderSchema>;

const recorded = z.union([z.number(), z.string()]).nullable();
export const differenceSchema = z
  .object({
    kind: z.string(),
    subject: z.string().describe('What it is about: an account, a purchase or a picture.'),
    message: z.string(),
    expected: recorded,
    actual: recorded,
  })
  .describe('Two records that should agree and do not.');

export const reconciliationSchema = z.object({
  object: z.literal('reconciliation'),
  checked: z
    .int()
    .describe('How many accounts, or pictures, this page ended with: over all pages each is counted once.'),
  differences: z.array(differenceSchema).readonly(),
  next,
});
export type WireReconciliation = z.output<typeof reconciliationSchema>;

export const restorationSchema = z
  .object({ object: z.literal('restoration'), checked: z.int(), restored: z.int(), next })
  .describe('A page of restoring: what was looked at, and what of it was restored.');
export type WireRestoration = z.output<typeof restorationSchema>;

export const auditEntrySchema = z.object({
  object: z.literal('audit_entry'),
  id: z.string(),
  at: time,
  actor: z.string().describe("`admin-token`, or the id of an admin's key."),
  action: z.string().describe('Such as `key.create`.'),
  target: z.string().describe('What it was done to: the id of an account, key or picture.'),
  details: z.record(z.string(), z.unknown()),
});
export type WireAuditEntry = z.output<typeof auditEntrySchema>;
