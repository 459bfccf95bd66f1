import { graphemesOf } from './plain-text';
import type { Typeface } from './typeface';

export interface TypeStyle {
  readonly face: Typeface;
  /** From one baseline to the next, as a share of the size. */
  readonly leading: number;
  /** Space added after each character, as a share of the size. */
  readonly tracking: number;
}

/** The width of a text, as a share of the type size. What the face lacks counts as a box. */
export function widthOf(text: string, style: TypeStyle): number {
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme, style);
  return width;
}

/** Whether the face has every character of a grapheme; joiners and variation selectors need no glyph. */
export function isCovered(grapheme: string, face: Typeface): boolean {
  return Array.from(grapheme).every((character) => face.covers(character.codePointAt(0) ?? 0));
}

/** The width of one character, as a share of the type size. */
export function graphemeWidth(grapheme: string, { face, tracking }: TypeStyle): number {
  if (!isCovered(grapheme, face)) return missingWidth;
  return Array.from(grapheme).reduce((sum, character) => sum + face.advance(character.codePointAt(0) ?? 0), tracking);
}

/** The width of the box that stands for a character which the face lacks. */
export const missingWidth = 0.94;
