import { graphemeWidth, type TypeStyle, widthOf } from './measure';
import { graphemesOf } from './plain-text';

/** A part of a text that is not broken. */
export interface Word {
  readonly text: string;
  /** As a share of the type size. */
  readonly width: number;
  readonly joint: '' | ' ' | '\n';
}

/** The words of a text, with what joins each to the one before. */
export function wordsOf(text: string, style: TypeStyle): readonly Word[] {
  return text.split('\n').flatMap((line, lineIndex) =>
    line
      .split(/\s+/)
      .filter((word) => word !== '')
      .flatMap((word, wordIndex) => {
        const joint = wordIndex > 0 ? ' ' : lineIndex > 0 ? '\n' : '';
        return partsOf(word).map((part, partIndex): Word => {
          return { text: part, width: widthOf(part, style), joint: partIndex === 0 ? joint : '' };
        });
      }),
  );
}

/** Scripts written without spaces may break after any character. */
function partsOf(word: string): readonly string[] {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)
    ? graphemesOf(word)
    : [word];
}

/** Fills lines of a width (a share of the type size) one after the other. */
export function wrap(words: readonly Word[], style: TypeStyle, width: number): readonly string[] {
  const space = graphemeWidth(' ', style);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of words) {
    const joined = used + (word.joint === ' ' ? space : 0) + word.width;
    if (line !== '' && (word.joint === '\n' || joined > width + 1e-6)) {
      lines.push(line);
      line = word.text;
      used = word.width;
    } else {
      line += line === '' || word.joint === '\n' ? word.text : word.joint + word.text;
      used = line === word.text ? word.width : joined;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** The narrowest setting with as many lines, so that no line is left with one word. */
export function balance(words: readonly Word[], style: TypeStyle, width: number, count: number): readonly string[] {
  let low = Math.max(width * 0.4, ...words.map((word) => word.width));
  let high = width;
  for (let round = 0; round < 7 && low < high; round++) {
    const middle = (low + high) / 2;
    if (wrap(words, style, middle).length <= count) high = middle;
    else low = middle;
  }
  return wrap(words, style, high);
}

/** A word as its characters, for lines that it is too long for. */
export function brokenWord(word: Word, style: TypeStyle): readonly Word[] {
  return graphemesOf(word.text).map((text, index) => {
    return { text, width: graphemeWidth(text, style), joint: index === 0 ? word.joint : '' };
  });
}
