/**
 * The text without what no picture can show: lone surrogates become U+FFFD; control characters, directional marks,
 * noncharacters and private use are taken out. Line ends stay as `\n`.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)[\p{Cc}\p{Co}\p{Cn}]|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for one character each: a family emoji is one. */
export function graphemesOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** The first `length` characters, with an ellipsis where more were left out. */
export function shortened(text: string, length: number): string {
  // A grapheme of interest has few code units; cut first, so that a prompt of 32,000 characters is not segmented whole.
  const graphemes = graphemesOf(text.slice(0, length * 8).toWellFormed());
  return graphemes.length <= length && text.length <= length * 8
    ? text
    : `${graphemes
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
