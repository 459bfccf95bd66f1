import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { CommandError, exitCodes } from '../exit-code';
import { narrowerOf } from './delivery';
import type { Lock, LockedFile, LockedPicture } from './lock';
import type { PictureFormat } from './picture-parameters';
import type { PictureService } from './picture-service';
import { forEach } from './pool';
import { contentOf } from './site-files';
import { writeWithin } from './written-file';

const extensions: Readonly<Record<PictureFormat, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

export interface Downloading {
  /** The folder that pages are written to, and the one for pictures in it. */
  readonly root: string;
  readonly folder: string;
  readonly concurrency: number;
  onDone(count: number): void;
}

export interface Downloads {
  /** The one that names the files. */
  readonly lock: Lock;
  /** Files that are new. */
  readonly written: readonly string[];
  /** Files that were there once, and were gone or others. */
  readonly putBack: readonly string[];
}

/** Brings every picture of a lock beside the pages, as far as it is not there. `before` is what was there once. */
export async function downloaded(
  service: PictureService,
  { lock, before }: { readonly lock: Lock; readonly before: ReadonlyMap<string, string> },
  { root, folder, concurrency, onDone }: Downloading,
): Promise<Downloads> {
  const pictures = { ...lock.pictures };
  const [written, putBack] = [[] as string[], [] as string[]];
  const onWritten = (path: string) => void (before.has(path) ? putBack : written).push(path);
  let done = 0;
  await forEach(Object.entries(lock.pictures), concurrency, async ([fingerprint, locked]) => {
    const files: LockedPicture['files'] = {};
    for (const format of Object.keys(locked.urls) as PictureFormat[]) {
      const there = locked.files[format] ?? [];
      const isThere = there.length > 0 && (await missingFiles(join(root, folder), there)).length === 0;
      files[format] = isThere ? there : await download(service, { locked, format, root, folder, onWritten });
    }
    pictures[fingerprint] = { ...locked, files };
    done += 1;
    onDone(done);
  });
  return { lock: { ...lock, pictures }, written: written.sort(), putBack: putBack.sort() };
}

/** Files that are not there, or are others. */
export async function missingFiles(folder: string, files: readonly LockedFile[]): Promise<readonly LockedFile[]> {
  const states = await Promise.all(
    files.map(async ({ name, sha256 }) => {
      const content = await contentOf(join(folder, name));
      return content !== null && digestOf(content) === sha256;
    }),
  );
  return files.filter((_, index) => !states[index]);
}

interface Download {
  readonly locked: LockedPicture;
  readonly format: PictureFormat;
  readonly root: string;
  readonly folder: string;
  onWritten(path: string): void;
}

async function download(service: PictureService, { locked, format, root, folder, onWritten }: Download) {
  const whole = `${service.baseUrl}${locked.urls[format] ?? ''}`;
  const files: LockedFile[] = [];
  for (const { width, url } of [...narrowerOf(whole, locked.width), { width: locked.width, url: whole }]) {
    const bytes = await service.bytes(url);
    // A private picture's narrower ones are for nobody.
    if (bytes === null && url !== whole) continue;
    if (bytes === null)
      throw new CommandError(
        `"${locked.prompt.slice(0, 60)}" is not stored any more: run it again with --online (in a build: \`online: true\`).`,
        exitCodes.failed,
      );
    const sha256 = digestOf(bytes);
    const name = `${slugOf(locked.prompt)}-${sha256.slice(0, 16)}.${extensions[format]}`;
    const path = posix.join(folder, name);
    if (await writeWithin(root, path, bytes)) onWritten(path);
    files.push({ name, width, sha256 });
  }
  return files;
}

/** The digests of a lock's downloads by their paths in the folder of the pages. */
export function downloadsOf({ inline, pictures }: Lock): ReadonlyMap<string, string> {
  if (inline === null) return new Map();
  const files = Object.values(pictures).flatMap((locked) => Object.values(locked.files).flat());
  return new Map(files.map(({ name, sha256 }) => [posix.join(inline.folder, name), sha256]));
}

/** In hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function slugOf(prompt: string): string {
  const words = prompt
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, 40).replace(/^-+|-+$/g, '') || 'picture';
}
