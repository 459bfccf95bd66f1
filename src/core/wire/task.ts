import * as z from 'zod';
import { determinisms } from '../determinism';
import { taskSources, taskStatuses } from '../task';
import { faultSchema } from './fault';
import { shownRecipeSchema } from './recipe';
import { fingerprint, megapixels, micros, sentFingerprint, time } from './values';

export const taskPictureSchema = z
  .object({
    url: z.string().describe('Public, needs no key, and is never another picture. A private account’s expires.'),
    content_type: z.string().describe('Such as `image/jpeg`.'),
    width: z.int().describe('Pixels, exactly as ordered.'),
    height: z.int(),
    thumbhash: z
      .string()
      .nullable()
      .describe('A blur to show until it is loaded: https://evanw.github.io/thumbhash, in base64.'),
    color: z.string().nullable().describe('Its main colour, such as `#591839`.'),
    determinism: z
      .enum(determinisms)
      .describe(
        'What the stored bytes are: those of the first time, made again and the same, made again and not, or unknown.',
      ),
    srcset: z.string().exactOptional().describe('For an `<img>`: all narrower widths, and the picture as it is.'),
  })
  .describe('The picture of a task that is ready.');
export type WirePicture = z.output<typeof taskPictureSchema>;

export const costSchema = z.object({
  quoted_micros: micros,
  actual_micros: micros.nullable().describe('null where nobody said, or not yet.'),
  input_megapixels: megapixels,
  output_megapixels: megapixels,
});

const status = z.enum(taskStatuses, `expected one of ${taskStatuses.join(', ')}.`);

/** A task as `GET /v1/tasks/{id}`, its events and our webhooks tell it. */
export const taskSchema = z
  .object({
    object: z.literal('task'),
    id: z.string(),
    status,
    progress: z.number().min(0).max(1),
    fingerprint,
    source: z
      .enum(taskSources)
      .describe(
        'How this caller came by the picture: stored already, made for somebody else at this moment, or bought for this one.',
      ),
    provider: z.string().nullable().describe('null until one was chosen.'),
    sandbox: z.boolean().describe('Whether the sandbox drew it, and no vendor.'),
    seed: z.int().describe('Ask with it again, and with the same parameters, for the same picture.'),
    created_at: time,
    started_at: time.nullable(),
    ended_at: time.nullable(),
    cost: costSchema.describe('What the picture cost whoever bought it.'),
    picture: taskPictureSchema.nullable(),
    error: faultSchema.nullable(),
    urls: z.object({ self: z.string(), events: z.string(), recipe: z.string().nullable() }),
    recipe: shownRecipeSchema
      .exactOptional()
      .describe('What was asked for, where it ended without a picture; a picture has it at `urls.recipe`.'),
  })
  .describe('A task as `GET /v1/tasks/{id}` tells it.');
export type WireTask = z.output<typeof taskSchema>;

/** A task in a list. */
export const listedTaskSchema = z
  .object({
    object: z.literal('task'),
    id: z.string(),
    urls: z.object({ self: z.string() }),
    status,
    outcome: z.string().nullable().describe('How it ended, as the ledger has it; null while it goes on.'),
    fingerprint,
    dialect: z.string(),
    provider: z.string().nullable(),
    key: z.string().nullable().describe('The id of the key that ordered it.'),
    purchase: z.string().nullable().describe('What a refund names; null while nothing is bought.'),
    quoted_micros: micros,
    spent_micros: micros,
    actual_micros: micros.nullable(),
    created_at: time,
    ended_at: time.nullable(),
  })
  .describe('A task in a list: what it is about and what it costs. `GET /v1/tasks/{id}` has its picture.');
export type WireListedTask = z.output<typeof listedTaskSchema>;

const limit = 'expected a whole number from 1 to 200.';
const day = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'expected a UTC day such as 2026-11-30, or a time such as 2026-11-30T12:00:00Z.',
);

/** What `GET /v1/tasks` takes. */
export const tasksQuerySchema = z.strictObject({
  status: status.optional(),
  provider: z.string().max(40).optional(),
  dialect: z.string().max(40).optional(),
  fingerprint: sentFingerprint.optional(),
  from: day.optional().describe('A UTC day such as `2026-11-30`, or a time.'),
  to: day.optional().describe('A day stands for all of it: `2026-11-30` includes what ended on it.'),
  limit: z.coerce
    .number<number>(limit)
    .int(limit)
    .min(1, limit)
    .max(200, limit)
    .default(50)
    .describe('How many a page has.'),
  cursor: z.string().max(1000).optional().describe('The `next` of an earlier page.'),
  account: z.string().min(1).max(200).optional().describe('Another account: for admins alone.'),
});
