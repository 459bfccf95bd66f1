const closers: Readonly<Record<string, readonly string[]>> = {
  '"': ['"'],
  "'": ["'"],
  '“': ['”'],
  '‘': ['’'],
  '«': ['»'],
  '‹': ['›'],
  '„': ['“', '”'],
  '「': ['」'],
  '『': ['』'],
};
/** Marks that are also apostrophes, feet or inches: they open only before a word and close only after one. */
const ambiguous: ReadonlySet<string> = new Set(['"', "'", '‘']);
const longestQuote = 600;
const most = 12;
/** So that 32,000 opening marks do not cost 32,000 searches. */
const mostAttempts = 500;

/** The texts in quotation marks, in order, as a typesetter would read them out of a prompt. Looks at each mark once. */
export function quotedTexts(text: string): readonly string[] {
  const found: string[] = [];
  let attempts = 0;
  for (let start = 0; start < text.length && found.length < most && attempts < mostAttempts; start++) {
    if (!Object.hasOwn(closers, text[start] ?? '')) continue;
    attempts++;
    const end = closingMark(text, start);
    if (end === -1) continue;
    const quoted = text.slice(start + 1, end).trim();
    if (isLettering(quoted, text[start])) found.push(quoted);
    start = end;
  }
  return found;
}

/** Where the quotation that opens at `start` ends; -1 if none opens there. */
function closingMark(text: string, start: number): number {
  const mark = text[start] ?? '';
  const marks = Object.hasOwn(closers, mark) ? closers[mark] : undefined;
  if (marks === undefined || (ambiguous.has(mark) && !opens(text, start))) return -1;
  const last = Math.min(text.length, start + longestQuote + 2);
  for (let index = start + 1; index < last; index++) {
    if (marks.includes(text[index] ?? '') && (!ambiguous.has(mark) || closes(text, index))) return index;
    if (mark === "'" && text[index] === '\n') return -1;
  }
  return -1;
}

/** `24" wide` and `dogs'` open nothing: a mark after a letter or digit is no opening one. */
const opens = (text: string, index: number) => !isWordCharacter(text[index - 1]) && /\S/.test(text[index + 1] ?? ' ');

const closes = (text: string, index: number) => {
  const isDouble = text[index] === '"';
  return isDouble || (/\S/.test(text[index - 1] ?? ' ') && !isWordCharacter(text[index + 1]));
};

const isWordCharacter = (character: string | undefined) =>
  character !== undefined && /[\p{Nd}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(character);

/** A colour in quotes is a colour; one letter in single quotes is rock 'n' roll. */
function isLettering(quoted: string, mark: string | undefined): boolean {
  if (quoted === '' || /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(quoted)) return false;
  return mark !== "'" || quoted.length > 1;
}
