import { join } from 'node:path';
import { CommandError } from '../exit-code';
import { type Page, readPage, UnreadablePage } from './page';
import { type PageIssue, placeText } from './place';
import {
  type AbsentFile,
  readText,
  type SiteFile,
  type SkippedFile,
  siteFiles,
  type WrittenFolders,
} from './site-files';

/** A folder of pages, read. */
export interface Site {
  readonly folder: string;
  readonly pages: readonly Page[];
  /** Everything else in it. */
  readonly others: readonly SiteFile[];
  /** What is there and is not copied to another folder. */
  readonly absent: readonly AbsentFile[];
  /** What its owner might miss: pages that are not read, and what is absent from another folder. */
  readonly skipped: readonly SkippedFile[];
}

/** @throws CommandError that names everything that is wrong in any page, with its place */
export async function readSite(folder: string, written: WrittenFolders): Promise<Site> {
  const { files, absent } = await siteFiles(folder, written);
  const missed = absent.filter(({ isPage }) => isPage || written.out !== null);
  const skipped: SkippedFile[] = missed.map(({ path, reason }) => ({ path, reason }));
  const [pages, others, wrong] = [[] as Page[], [] as SiteFile[], [] as string[]];
  for (const file of files) {
    const read = file.isPage ? await pageAt(folder, file.path) : null;
    if (read === null) others.push(file);
    else if ('pictures' in read) pages.push(read);
    else if ('wrong' in read) wrong.push(read.wrong);
    else skipped.push({ path: file.path, reason: read.reason });
    if (read !== null && 'reason' in read) others.push(file);
  }
  const issues = [...wrong, ...pages.flatMap((page) => page.issues.map(issueText))];
  if (issues.length > 0) throw new CommandError(issues.join('\n'));
  return { folder, pages, others, absent, skipped };
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
