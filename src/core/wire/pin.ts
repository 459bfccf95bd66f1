import * as z from 'zod';
import { fingerprint, time } from './values';

/** A picture that its account keeps whatever the retention. */
export const pinSchema = z.object({
  object: z.literal('pin'),
  fingerprint,
  sha256: z.string().describe("Of the master's bytes, when it was made first."),
  pinned_at: time,
});
export type WirePin = z.output<typeof pinSchema>;
