import type { Palette } from '../palette';
import type { Random } from '../random';
import type { Rect } from '../svg';

/** Where and with what a composition plays. It may paint beyond its room: panels are laid over it afterwards. */
export interface Stage {
  readonly room: Rect;
  readonly palette: Palette;
  readonly random: Random;
  /** 0 (one step) to 1 (fifty steps): how many elements, how fine. */
  readonly detail: number;
  /** 0 (guidance 1.5) to 1 (guidance 10): how strict the order, how strong the contrast. */
  readonly order: number;
}

/** Draws the stage as SVG elements. Equal stages give equal elements. */
export type Composition = (stage: Stage) => string;

/** The accent of a number, in turn. */
export function accentOf({ palette }: Stage, index: number): string {
  const { accents } = palette;
  return accents[index % accents.length] ?? accents[0];
}
