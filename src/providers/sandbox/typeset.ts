import { balance, brokenWord, type Word, wordsOf, wrap } from './line-breaks';
import type { TypeStyle } from './measure';
import { graphemesOf } from './plain-text';
import type { Rect } from './svg';

/** Text broken into lines at a size. */
export interface TextBlock {
  readonly lines: readonly string[];
  readonly size: number;
  readonly style: TypeStyle;
  /** From the top of the block to the first baseline. */
  readonly rise: number;
  /** From the top of the first capital, or its accent, to below the last descender. */
  readonly height: number;
}

/** Sets a text as large as fits a rectangle. Below `smallest`, words are broken and the end is left out. */
export function fitText(
  text: string,
  style: TypeStyle,
  room: Rect,
  sizes: { largest: number; smallest: number },
): TextBlock {
  const words = wordsOf(text, style);
  const widest = Math.max(0.1, ...words.map((word) => word.width));
  for (let size = Math.min(sizes.largest, room.width / widest); size >= sizes.smallest; size *= 0.95) {
    const lines = wrap(words, style, room.width / size);
    const block = blockOf(lines, size, style);
    if (block.height <= room.height)
      return blockOf(balance(words, style, room.width / size, lines.length), size, style);
  }
  return cutToFit(words, style, room, sizes.smallest);
}

/** Lines as a block, measured. */
export function blockOf(lines: readonly string[], size: number, style: TypeStyle): TextBlock {
  const descent = 0.24;
  const accent = /\p{Lu}\p{M}/u.test((lines[0] ?? '').normalize('NFD')) ? 0.16 : 0;
  const rise = size * (style.face.capHeight + accent);
  return { lines, size, style, rise, height: rise + size * (descent + Math.max(0, lines.length - 1) * style.leading) };
}

function cutToFit(words: readonly Word[], style: TypeStyle, room: Rect, size: number): TextBlock {
  const width = room.width / size;
  const broken = words.flatMap((word) => (word.width <= width ? [word] : brokenWord(word, style)));
  const lines = wrap(broken, style, width);
  const most = Math.max(1, Math.floor((room.height / size - style.face.capHeight) / style.leading) + 1);
  if (lines.length <= most) return blockOf(lines, size, style);
  const kept = lines.slice(0, most);
  const last = graphemesOf(kept.pop() ?? '')
    .slice(0, -1)
    .join('')
    .trimEnd();
  return blockOf([...kept, `${last}…`], size, style);
}
