import { showsOf } from './delivery';
import { readLock } from './lock-file';
import { readPage } from './page';
import { withPictures } from './write-site';

/** A page with the pictures that its lock has: nobody is asked, and nothing is bought. */
export async function lockedPage(html: string, path: string, lockPath: string): Promise<string> {
  const [page, lock] = [readPage(path, html), await readLock(lockPath)];
  if (page === null || lock === null) return html;
  const shows = await showsOf(lock, { kind: 'stored' });
  return withPictures(page, lock, shows(path));
}
