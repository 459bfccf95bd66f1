import { join } from 'node:path';
import { CommandError, exitCodes } from '../exit-code';
import { digestOf } from './downloads';
import { type Lock, lockedBy } from './lock';
import type { Page } from './page';
import { rewritten } from './rewritten-page';
import type { Show } from './shown-picture';
import type { Site } from './site';
import { contentOf } from './site-files';
import { writeWithin } from './written-file';

export interface WrittenSite {
  /** Pages that were changed, or are new. */
  readonly written: readonly string[];
  readonly unwritten: readonly { readonly path: string; readonly message: string }[];
  /** Of all that is there now as it is to be, by path. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Writes the pages with their pictures, and to another folder all else, too. One that cannot be written stops no other. */
export async function writeSite(
  { folder, pages, others }: Site,
  out: string | null,
  lock: Lock,
  shows: (pagePath: string) => Show,
): Promise<WrittenSite> {
  const [written, unwritten] = [[] as string[], [] as { path: string; message: string }[]];
  const digests = new Map<string, string>();
  const attempt = async (path: string, content: () => Promise<Buffer>) => {
    try {
      const bytes = await content();
      if (await writeWithin(out ?? folder, path, bytes)) written.push(path);
      digests.set(path, digestOf(bytes));
    } catch (thrown) {
      if (!(thrown instanceof CommandError) || thrown.exitCode !== exitCodes.failed) throw thrown;
      unwritten.push({ path, message: thrown.message });
    }
  };
  for (const page of pages)
    await attempt(page.path, async () => Buffer.from(withPictures(page, lock, shows(page.path))));
  for (const { path } of out === null ? [] : others)
    await attempt(path, async () => (await contentOf(join(folder, path))) ?? Buffer.alloc(0));
  return { written, unwritten, digests };
}

/** A page as the lock has it. */
export function withPictures(page: Page, lock: Lock, show: Show): string {
  const known = lockedBy(lock);
  return rewritten(page, ({ parameters }) => known(parameters), show);
}
