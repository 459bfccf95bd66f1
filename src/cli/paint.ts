/** The terminal's codes: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof styles;

/** Puts text in a style, or leaves it plain where nobody reads colours. */
export type Paint = (style: Style, text: string) => string;

export const painted: Paint = (style, text) => `\x1b[${styles[style]}m${text}\x1b[0m`;
export const plain: Paint = (_, text) => text;

const codes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** How many columns a text takes, without its codes. */
export function widthOf(text: string): number {
  return [...text.replaceAll(codes, '')].length;
}
