import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { toolsOwn } from './site-files';

/** Where names are looked for. */
export interface SearchedFolders {
  readonly roots: readonly string[];
  /** Files and folders in them that are not. */
  readonly except: readonly string[];
  /** URLs in a file that are no mention of a name, though they end with it. */
  ownUrls(path: string, name: string): readonly string[];
}

export interface Mentions {
  /** A file that says it, by name. */
  readonly byName: ReadonlyMap<string, string>;
  /** What cannot be read: nobody knows what that says. */
  readonly unread: string | null;
}

/** No text: what is there names nothing. */
const media =
  /\.(?:png|jpe?g|webp|gif|avif|ico|bmp|tiff?|mp[34]|m4[av]|webm|mov|og[gv]|wav|flac|woff2?|ttf|otf|eot|zip|gz|br|zst|7z)$/i;

/** Which names any file says, of whatever kind, size and encoding, page or not; a link says the name of what it leads to. */
export async function mentionsOf(names: readonly string[], folders: SearchedFolders): Promise<Mentions> {
  const byName = new Map<string, string>();
  try {
    for (const root of names.length === 0 ? [] : folders.roots)
      for await (const { path, isText, target } of filesBelow(root, '', folders.except)) {
        const content = isText ? await readFile(join(root, path)).catch(noneWhereGone) : Buffer.alloc(0);
        const isSaid = (name: string) => name === target || says(content, name, folders.ownUrls(path, name));
        const said = names.filter((name) => !byName.has(name) && isSaid(name));
        for (const name of said) byName.set(name, path);
      }
  } catch (thrown) {
    return { byName, unread: thrown instanceof Unread ? thrown.path : String(Object(thrown).path ?? thrown) };
  }
  return { byName, unread: null };
}

interface Found {
  readonly path: string;
  /** Whether names are looked for in it. */
  readonly isText: boolean;
  /** Of a link: the name of what it leads to. */
  readonly target: string | null;
}

async function* filesBelow(root: string, inside: string, except: readonly string[]): AsyncGenerator<Found> {
  const entries = await readdir(join(root, inside), { withFileTypes: true }).catch(() => {
    throw new Unread(inside || root);
  });
  for (const entry of entries) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (toolsOwn.test(entry.name) || except.includes(resolve(root, path))) continue;
    if (entry.isDirectory()) yield* filesBelow(root, path, except);
    else if (entry.isSymbolicLink()) yield* linkAt(root, path);
    else if (media.test(entry.name)) continue;
    else if (entry.isFile()) yield { path, isText: true, target: null };
    else throw new Unread(path);
  }
}

/** What a link leads to inside is found there; what is outside and no file may be anything, and is not searched. */
async function* linkAt(root: string, path: string): AsyncGenerator<Found> {
  const target = await realpath(join(root, path)).catch((thrown) => {
    if (Object(thrown).code === 'ENOENT') return null;
    throw new Unread(path);
  });
  if (target === null) return;
  const parts = relative(await realpath(root), target).split(sep);
  const isInside = parts[0] !== '..' && !parts.some((part) => toolsOwn.test(part));
  const isText = !isInside && !media.test(path);
  const isFile = await stat(target).then(
    (state) => state.isFile(),
    () => false,
  );
  if (isText && !isFile) throw new Unread(path);
  yield { path, isText, target: basename(target) };
}

function says(content: Buffer, name: string, ownUrls: readonly string[]): boolean {
  // As UTF-16 of either order has it, too.
  if (content.includes(Buffer.from(name, 'utf16le').subarray(0, -1))) return true;
  if (!content.includes(name)) return false;
  if (ownUrls.length === 0) return true;
  const others = ownUrls.reduce((text, url) => text.replaceAll(whole(url), '$1'), content.toString('utf8'));
  return others.includes(name);
}

/** A URL as it stands in an attribute, and not as the end of a longer one. */
function whole(url: string): RegExp {
  const escaped = url.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(^|["'\\s,=(])${escaped}(?=["'\\s,)>]|$)`, 'g');
}

function noneWhereGone(thrown: unknown): Buffer {
  if (Object(thrown).code === 'ENOENT') return Buffer.alloc(0);
  throw thrown;
}

/** A file or folder that cannot be searched. */
class Unread extends Error {
  readonly path: string;

  constructor(path: string) {
    super(path);
    this.path = path;
  }
}
