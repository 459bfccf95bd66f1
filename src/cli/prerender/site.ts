import { join, resolve } from 'node:path';
import { CommandError } from '../exit-code';
import { type Page, readPage, UnreadablePage } from './page';
import { type PageIssue, placeText } from './place';
import { readText, type SiteFile, type SkippedFile, siteFiles } from './site-files';

/** A folder of pages, read. */
export interface Site {
  readonly folder: string;
  readonly pages: readonly Page[];
  /** Everything else in it. */
  readonly others: readonly SiteFile[];
  readonly skipped: readonly SkippedFile[];
}

/** @throws CommandError that names everything that is wrong in any page, with its place */
export async function readSite(folder: string, out: string | null): Promise<Site> {
  const { files, skipped } = await siteFiles(folder, out === null ? null : resolve(out));
  const [pages, others, left, wrong] = [[] as Page[], [] as SiteFile[], [...skipped], [] as string[]];
  for (const file of files) {
    const read = file.isPage ? await pageAt(folder, file.path) : null;
    if (read === null) others.push(file);
    else if ('pictures' in read) pages.push(read);
    else if ('wrong' in read) wrong.push(read.wrong);
    else left.push({ path: file.path, reason: read.reason });
    if (read !== null && 'reason' in read) others.push(file);
  }
  const issues = [...wrong, ...pages.flatMap((page) => page.issues.map(issueText))];
  if (issues.length > 0) throw new CommandError(issues.join('\n'));
  return { folder, pages, others, skipped: left };
}

async function pageAt(folder: string, path: string): Promise<Page | { reason: string } | { wrong: string } | null> {
  const read = await readText(join(folder, path));
  if ('reason' in read) return read;
  try {
    return readPage(path, read.text);
  } catch (thrown) {
    if (thrown instanceof UnreadablePage) return { wrong: thrown.message };
    throw thrown;
  }
}

function issueText({ place, message }: PageIssue): string {
  return `${placeText(place)}  ${message}`;
}
