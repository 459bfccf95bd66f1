import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../exit-code';
import { lockName } from './lock';
import { pageExtensions } from './page';

/** A file of the site. */
export interface SiteFile {
  /** In its folder, with slashes. */
  readonly path: string;
  readonly isPage: boolean;
}
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}
export interface SiteFiles {
  readonly files: readonly SiteFile[];
  readonly skipped: readonly SkippedFile[];
}

const largestPageBytes = 8 * 1024 * 1024;
const notTheSite = /^(?:\.|node_modules$)/;

/**
 * All files of a folder in a steady order. Links are not followed, and neither hidden folders nor `node_modules` are
 * entered. `except` is a folder inside it that is none of the site.
 * @throws CommandError where it is no folder
 */
export async function siteFiles(folder: string, except: string | null): Promise<SiteFiles> {
  const files: SiteFile[] = [];
  const skipped: SkippedFile[] = [];
  const visit = async (inside: string): Promise<void> => {
    const entries = await readdir(join(folder, inside), { withFileTypes: true });
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      const isPage = pageExtensions.some((extension) => entry.name.toLowerCase().endsWith(extension));
      if (notTheSite.test(entry.name) || path === lockName || resolve(folder, path) === except) continue;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push({ path, isPage });
      else if (isPage) skipped.push({ path, reason: entry.isSymbolicLink() ? 'it is a link' : 'it is no file' });
    }
  };
  try {
    if (!(await lstat(folder)).isDirectory()) throw new Error('no folder');
  } catch {
    throw new CommandError(`${folder} is no folder.`);
  }
  await visit('');
  return { files, skipped };
}

/** A page's text, or why it is not read. */
export async function readText(path: string): Promise<{ text: string } | { reason: string }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > largestPageBytes) return { reason: `it is larger than ${largestPageBytes / 1024 / 1024} MiB` };
    const bytes = await file.readFile();
    if (bytes.includes(0)) return { reason: 'it is binary' };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (thrown) {
    if (thrown instanceof TypeError) return { reason: 'it is not UTF-8' };
    throw thrown;
  } finally {
    await file.close();
  }
}

/** What a file holds; null where there is none. */
export async function contentOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (Object(thrown).code === 'ENOENT') return null;
    throw thrown;
  }
}
