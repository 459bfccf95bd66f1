import type { Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../exit-code';
import { lockName } from './lock';
import { isMarkedBy, markName } from './out-mark';
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
/** A file or folder that is copied nowhere. */
export interface AbsentFile extends SkippedFile {
  readonly isPage: boolean;
}
export interface SiteFiles {
  readonly files: readonly SiteFile[];
  readonly absent: readonly AbsentFile[];
}

const largestPageBytes = 8 * 1024 * 1024;
/** Of tools: no site has them. */
export const toolsOwn = /^(?:\.git|\.hg|\.svn|\.ds_store|node_modules)$/i;
const secrets = /^\.(?:env.*|dev\.vars.*|npmrc|yarnrc.*|netrc|git-credentials|ssh|aws|gnupg)$/i;
/** Folders inside a site that are none of it: where it is written. */
export interface WrittenFolders {
  /** Where it goes now. */
  readonly out: string | null;
  /** What its lock says of itself: the others are known by that. */
  readonly mark: string | undefined;
}

/**
 * All files of a folder in a steady order. Links in it are not followed, and what is of tools or may hold secrets is left out.
 * What is hidden is no page.
 * @throws CommandError where it is no folder
 */
export async function siteFiles(folder: string, { out, mark }: WrittenFolders): Promise<SiteFiles> {
  const except = out === null ? null : resolve(out);
  const files: SiteFile[] = [];
  const absent: AbsentFile[] = [];
  const visit = async (inside: string): Promise<void> => {
    const entries = await readdir(join(folder, inside), { withFileTypes: true });
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (path === lockName || path === markName || resolve(folder, path) === except) continue;
      const isPage = !/(?:^|\/)\./.test(path) && pageExtensions.some((end) => path.toLowerCase().endsWith(end));
      const isOurs = entry.isDirectory() && (await isMarkedBy(join(folder, path), { folder, mark }));
      const reason = isOurs ? 'this site was written there' : reasonAgainst(entry);
      if (reason !== null) absent.push({ path, reason, isPage });
      else if (entry.isDirectory()) await visit(path);
      else files.push({ path, isPage });
    }
  };
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('no folder');
  } catch {
    throw new CommandError(`${folder} is no folder.`);
  }
  await visit('');
  return { files, absent };
}

function reasonAgainst(entry: Dirent): string | null {
  if (secrets.test(entry.name)) return 'it may hold secrets';
  if (toolsOwn.test(entry.name)) return 'no site has it';
  if (entry.isSymbolicLink()) return 'it is a link';
  return entry.isDirectory() || entry.isFile() ? null : 'it is no file';
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
    if (['ENOENT', 'ENOTDIR'].includes(Object(thrown).code)) return null;
    throw thrown;
  }
}
