import { htmlTags } from './html-tags';
import { mdxPictures } from './jsx-tags';
import { onlyHtml } from './markdown-html';
import { type PageIssue, placeOf } from './place';
import { attributeOf, type Tag, wantsPicture } from './tag';
import { hasSource, type WantedPicture, wantedPicture } from './wanted-picture';

/** A file with pictures. */
export interface Page {
  /** In its folder, with slashes. */
  readonly path: string;
  /** As it is, byte order mark and line ends included. */
  readonly text: string;
  readonly pictures: readonly WantedPicture[];
  readonly issues: readonly PageIssue[];
}

export const pageExtensions: readonly string[] = ['.html', '.htm', '.md', '.markdown', '.mdx'];
const mayWantPictures = /flux-image|data-flux-prompt/i;
const byteOrderMark = '\ufeff';

/** Reads the pictures that a page wants; nothing for a page that wants none. */
export function readPage(path: string, text: string): Page | null {
  if (!mayWantPictures.test(text)) return null;
  // Parsers skip a byte order mark each in their own way: as a space it keeps its place.
  const source = text.startsWith(byteOrderMark) ? ` ${text.slice(1)}` : text;
  const issueAt = (offset: number, message: string) => ({ place: placeOf(path, text, offset), message });
  const { tags, outOfReach } = tagsIn(path, source);
  const read = tags.filter((tag) => !isOrdinary(tag)).map(wantedPicture);
  const issues = [
    ...read.flatMap((found) => ('tag' in found ? [] : found)),
    ...outOfReach.map((offset) => ({ offset, message: 'A picture inside of {…} or an export is out of reach.' })),
  ];
  const pictures = read.flatMap((found) => ('tag' in found ? [found] : []));
  if (pictures.length === 0 && issues.length === 0) return null;
  return { path, text, pictures, issues: issues.map(({ offset, message }) => issueAt(offset, message)) };
}

/** A `<flux-image>` that shows what is there, or has a key to order by itself. */
function isOrdinary(tag: Tag): boolean {
  if (tag.name !== 'flux-image') return false;
  return attributeOf(tag, 'key') !== undefined || (hasSource(tag) && attributeOf(tag, 'prompt') === undefined);
}

function tagsIn(path: string, text: string): { tags: readonly Tag[]; outOfReach: readonly number[] } {
  if (/\.mdx$/i.test(path)) return mdxTags(path, text);
  const html = /\.(?:md|markdown)$/i.test(path) ? onlyHtml(text) : text;
  return { tags: htmlTags(html).filter(wantsPicture), outOfReach: [] };
}

function mdxTags(path: string, text: string): ReturnType<typeof mdxPictures> {
  try {
    return mdxPictures(text);
  } catch (thrown) {
    throw new UnreadablePage(path, thrown);
  }
}

/** A page whose own syntax is wrong. */
export class UnreadablePage extends Error {
  constructor(path: string, cause: unknown) {
    const { line, column, message } = Object(cause) as { line?: number; column?: number; message?: string };
    super(`${path}:${line ?? 1}:${column ?? 1}  ${message ?? String(cause)}`, { cause });
  }
}
