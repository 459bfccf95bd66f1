import { join } from 'node:path';
import { CommandError, exitCodes } from '../exit-code';
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
}

/** Writes the pages with their pictures, and to another folder all else, too. One that cannot be written stops no other. */
export async function writeSite(
  { folder, pages, others }: Site,
  out: string | null,
  lock: Lock,
  shows: (pagePath: string) => Show,
): Promise<WrittenSite> {
  const [written, unwritten] = [[] as string[], [] as { path: string; message: string }[]];
  const attempt = async (path: string, content: () => Promise<string | Uint8Array>) => {
    try {
      if (await writeWithin(out ?? folder, path, await content())) written.push(path);
    } catch (thrown) {
      if (!(thrown instanceof CommandError) || thrown.exitCode !== exitCodes.failed) throw thrown;
      unwritten.push({ path, message: thrown.message });
    }
  };
  for (const page of pages) await attempt(page.path, async () => withPictures(page, lock, shows(page.path)));
  for (const { path } of out === null ? [] : others)
    await attempt(path, async () => (await contentOf(join(folder, path))) ?? '');
  return { written, unwritten };
}

/** A page as the lock has it. */
export function withPictures(page: Page, lock: Lock, show: Show): string {
  const known = lockedBy(lock);
  return rewritten(page, ({ parameters }) => known(parameters), show);
}
