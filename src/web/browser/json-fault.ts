/** What keeps a text from being JSON. */
export interface JsonFault {
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** What is wrong there, as the end of a sentence. */
  readonly message: string;
}

/** The first thing that keeps a text from being JSON; null where nothing does. Browsers tell too little, and differ. */
export function jsonFault(text: string): JsonFault | null {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  for (let at = afterSpace(text, 0); at < text.length; ) {
    const token = tokenAt(text, at);
    if (typeof token === 'string') return faultAt(text, at, token);
    const next = follow(wanted, token.kind, open);
    if (next === null) return faultAt(text, at, `${shown(token.text)} where ${wantedWords[wanted]} is due`);
    wanted = next;
    at = afterSpace(text, at + token.text.length);
  }
  if (wanted === 'end') return null;
  return faultAt(text, text.trimEnd().length, `it ends too early, where ${wantedWords[wanted]} is due`);
}

/** What may stand at a place. */
type Wanted = keyof typeof wantedWords;
const wantedWords = {
  value: 'a value',
  'value or ]': 'a value or “]”',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes or “}”',
  ':': '“:”',
  ', or }': '“,” or “}”',
  ', or ]': '“,” or “]”',
  end: 'the end',
} as const;

type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'text' | 'literal';
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** What may come after a token. @returns null where the token itself may not be there */
function follow(wanted: Wanted, kind: TokenKind, open: ('{' | '[')[]): Wanted | null {
  const afterValue = () => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]');
  const close = () => {
    open.pop();
    return afterValue();
  };
  const begin = (bracket: '{' | '[') => {
    open.push(bracket);
    return bracket === '{' ? 'name or }' : 'value or ]';
  };
  switch (wanted) {
    case 'value':
    case 'value or ]':
      if (kind === '{' || kind === '[') return begin(kind);
      if (kind === ']' && wanted === 'value or ]') return close();
      return kind === 'text' || kind === 'literal' ? afterValue() : null;
    case 'name':
    case 'name or }':
      if (kind === '}' && wanted === 'name or }') return close();
      return kind === 'text' ? ':' : null;
    case ':':
      return kind === ':' ? 'value' : null;
    case ', or }':
      return kind === '}' ? close() : kind === ',' ? 'name' : null;
    case ', or ]':
      return kind === ']' ? close() : kind === ',' ? 'value' : null;
    case 'end':
      return null;
  }
}

// Of the control characters, those that a text may hold.
const quoted = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*("?)/uy;
const literal = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** @returns what is wrong, where there is no token */
function tokenAt(text: string, at: number): Token | string {
  const first = text.charAt(at);
  if (isSign(first)) return { kind: first, text: first };
  if (first === '"') {
    quoted.lastIndex = at;
    const [whole = '', end = ''] = quoted.exec(text) ?? [];
    if (end === '"') return { kind: 'text', text: whole };
    return quoteFault(text.slice(at + whole.length));
  }
  const word =
    /^[\p{L}\p{N}_$.+-]+/u.exec(text.slice(at, at + 200))?.[0] ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (literal.test(word)) return { kind: 'literal', text: word };
  return `${shown(word)} is no JSON: text stands in double quotes`;
}

const isSign = (character: string): character is Exclude<TokenKind, 'text' | 'literal'> =>
  character !== '' && '{}[]:,'.includes(character);

function quoteFault(rest: string): string {
  if (rest === '') return 'the text that begins here never ends: a double quote is missing';
  return rest.startsWith('\\')
    ? `the text that begins here holds ${shown(rest.slice(0, 2))}, which is no escape`
    : 'the text that begins here has a line break or a tab in it: write \\n or \\t';
}

function afterSpace(text: string, at: number): number {
  const space = /[ \t\n\r]*/y;
  space.lastIndex = at;
  return at + (space.exec(text)?.[0].length ?? 0);
}

const shown = (text: string) => `“${text.length > 20 ? `${text.slice(0, 19)}…` : text}”`;

function faultAt(text: string, offset: number, message: string): JsonFault {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}
