import * as z from 'zod';
import { CommandError } from '../exit-code';
import { type PictureParameters, parametersKey, parametersSchema, pictureFormats } from './picture-parameters';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Below its folder: no lock may have anything else removed. */
export const insidePath = /^(?!\/)(?!.*\\)(?!(?:.*\/)?\.\.?(?:\/|$)).+$/;
const inside = z.string().regex(insidePath);
/** A download is named for what it holds: nothing else is ours under a name that a lock tells. */
const fileSchema = z
  .strictObject({ name: z.string().max(200), width: z.int().positive(), sha256: digest })
  .refine(({ name, sha256 }) => /^[a-z0-9-]+\.[a-z]+$/.test(name) && name.includes(`-${sha256.slice(0, 16)}.`));
const lockedSchema = z.strictObject({
  ...parametersSchema.shape,
  /** Of the bytes as the vendor delivered them. */
  sha256: digest,
  thumbhash: z.string().max(100).nullable(),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
  isPinned: z.boolean(),
  /** Where the service has it, by format. */
  urls: z.partialRecord(z.enum(pictureFormats), z.string().startsWith('/').max(500)),
  /** What was downloaded, by format, the narrowest first. */
  files: z.partialRecord(z.enum(pictureFormats), z.array(fileSchema).max(20)),
  usedIn: z.array(z.string()),
});
const lockSchema = z.strictObject({
  version: z.literal(1),
  /** The service that has the pictures. */
  service: z.url(),
  /** How pages name their pictures. */
  delivery: z.enum(['stored', 'links', 'inline']),
  /** The downloads' folder, and what their URLs begin with; null: they are relative to each page. */
  inline: z.strictObject({ folder: z.string(), prefix: z.string().nullable() }).nullable(),
  /** What was written to another folder, with its digest: only that is removed from there again, while it has it. */
  written: z.union([z.record(inside, digest.nullable()), z.array(inside).transform(withoutDigests)]).optional(),
  /** What that folder says in its mark: only there is anything removed. */
  mark: z.uuid().optional(),
  /** The site's folder, seen from the lock's; without one it is the same. */
  site: z.string().optional(),
  /** Where the changed pages go, seen from the site's folder; null: in the place of the old ones. */
  out: z.string().nullable(),
  pictures: z.record(digest, lockedSchema),
});

export const lockName = 'fluxgate.lock.json';
export type Lock = z.infer<typeof lockSchema>;
export type LockedPicture = z.infer<typeof lockedSchema>;
export type LockedFile = z.infer<typeof fileSchema>;

/** @throws CommandError that says what to do with a lock that cannot be read */
export function parseLock(text: string, path: string): Lock {
  const value = json(text);
  if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > 1)
    throw new CommandError(`${path} was written by a newer fluxgate: use that one.`);
  const read = lockSchema.safeParse(value);
  if (read.success) return read.data;
  throw new CommandError(
    `${path} cannot be read: it is half written, or holds a merge conflict. Restore it from version control, or delete it: what is stored is not bought again.`,
  );
}

/** In one order, a line for each value: two branches that add pictures seldom meet in a line. */
export function formatLock({ pictures, ...rest }: Lock): string {
  const sorted = Object.keys(pictures)
    .sort()
    .flatMap((fingerprint) => {
      const picture = pictures[fingerprint];
      return picture === undefined ? [] : [[fingerprint, ordered(picture)] as const];
    });
  return `${JSON.stringify({ ...rest, pictures: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/** Finds locked pictures by their parameters. */
export function lockedBy(lock: Lock | null): (parameters: PictureParameters) => string | undefined {
  const all = Object.entries(lock?.pictures ?? {});
  const known = new Map(all.map(([fingerprint, locked]) => [parametersKey(locked), fingerprint]));
  return (parameters) => known.get(parametersKey(parameters));
}

/** Locks had no digests once: what they tell of is removed by nobody. */
function withoutDigests(paths: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(paths.map((path) => [path, null]));
}

function ordered(picture: LockedPicture): LockedPicture {
  const { prompt, seed, width, height, steps, guidance, sha256, thumbhash, color, isPinned } = picture;
  const { urls, files, usedIn } = picture;
  return {
    ...{ prompt, seed, width, height, steps, guidance, sha256, thumbhash, color, isPinned },
    urls: byFormat(urls),
    files: byFormat(files),
    usedIn: [...new Set(usedIn)].sort(),
  };
}

function byFormat<Value>(values: Partial<Record<(typeof pictureFormats)[number], Value>>): typeof values {
  return Object.fromEntries(
    pictureFormats.flatMap((format) => (values[format] === undefined ? [] : [[format, values[format]]])),
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
