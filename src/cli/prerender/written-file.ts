import { lstat, mkdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CommandError, exitCodes } from '../exit-code';
import { contentOf } from './site-files';

const anyWriter = 0o222;

/**
 * Writes a file below `root` at once or not at all, and only where that changes it. Neither a link out of `root` nor a
 * read-only file is written.
 * @returns whether it was written
 * @throws CommandError that says why it could not be
 */
export async function writeWithin(root: string, path: string, content: string | Uint8Array): Promise<boolean> {
  const target = join(root, path);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const before = await stateOf(target);
  if (before?.isSymbolicLink()) throw unwritable(target, 'it is a link');
  if (before?.isDirectory()) throw unwritable(target, 'it is a folder');
  if (before !== null && (await contentOf(target))?.equals(bytes)) return false;
  if (before !== null && (before.mode & anyWriter) === 0) throw unwritable(target, 'it is read-only');
  try {
    await mkdir(root, { recursive: true });
    await makeFolderWithin(root, dirname(path));
    await replace(target, bytes, before?.mode);
  } catch (thrown) {
    if (thrown instanceof CommandError) throw thrown;
    throw unwritable(target, String(Object(thrown).code ?? thrown));
  }
  return true;
}

/**
 * Removes a file below `root`, and folders that are empty then. A link is removed as the link that it is; what is behind one
 * is left.
 * @returns whether it was there
 */
export async function removeWithin(root: string, path: string): Promise<boolean> {
  const state = await stateOf(join(root, path)).catch(() => null);
  if (state === null || state.isDirectory()) return false;
  const [home, folder] = [await realpath(root), await realpath(dirname(join(root, path)))];
  if (folder !== join(home, dirname(path))) return false;
  await rm(join(root, path), { force: true });
  for (let empty = dirname(path); empty !== '.'; empty = dirname(empty))
    if (
      !(await rmdir(join(root, empty)).then(
        () => true,
        () => false,
      ))
    )
      break;
  return true;
}

/** One folder after the other: a link among them leads out. */
async function makeFolderWithin(root: string, folder: string): Promise<void> {
  const home = await realpath(root);
  let path = home;
  for (const part of folder.split(/[\\/]/).filter((name) => name !== '' && name !== '.')) {
    path = join(path, part);
    await mkdir(path).catch((thrown) => {
      if (Object(thrown).code !== 'EEXIST') throw thrown;
    });
    const inside = relative(home, await realpath(path));
    if (inside === '..' || inside.startsWith(`..${sep}`)) throw unwritable(path, 'it leads out of the folder');
  }
}

async function replace(target: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, bytes, { mode: mode & 0o777, flag: 'wx' });
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

async function stateOf(path: string) {
  return await lstat(path).catch((thrown) => {
    if (Object(thrown).code === 'ENOENT') return null;
    throw thrown;
  });
}

function unwritable(path: string, reason: string): CommandError {
  return new CommandError(`${path} cannot be written: ${reason}.`, exitCodes.failed);
}
