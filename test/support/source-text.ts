/** One import or re-export of a file. `import()` counts, also where it stands for a type. */
export interface SourceImport {
  readonly specifier: string;
  /** Whether it vanishes when it is compiled: `import type`, `export type`. */
  readonly isTypeOnly: boolean;
}

/** A function by the line that it begins in, and how many lines it has. */
export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
const template = /`(?:\\[\s\S]|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^\\`])*`/;
const pattern = /(?<=(?:[(,=:[!&|?{};]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//;
const quoted = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/;
const literal = new RegExp([comment, quoted, template, pattern].map(({ source }) => source).join('|'), 'g');

/** The source with comments blanked; every line stays where it is. */
export function withoutComments(source: string): string {
  return source.replace(literal, (text) => (/^\/[/*]/.test(text) ? blank(text) : text));
}

/** The code alone: comments, strings, templates and patterns are blanked; every line stays where it is. */
export function codeOf(source: string): string {
  return source.replace(literal, blank);
}

/** What a file imports, in the order of its text. */
export function importsOf(source: string): readonly SourceImport[] {
  const text = source.replace(literal, (found) => (/^['"]/.test(found) ? found : blank(found)));
  const statements =
    /(?<![\w$.])(?:import|export)\s+(type\s+(?!from\b))?(?:[\w*{}\s,$]+?\sfrom\s*)?(['"])([^'"\n]+)\2/g;
  const calls = /(?<![\w$.])import\(\s*(['"])([^'"\n]+)\1/g;
  return [
    ...Array.from(text.matchAll(statements), ([, type, , specifier = '']) => ({
      specifier,
      isTypeOnly: type !== undefined,
    })),
    ...Array.from(text.matchAll(calls), ([, , specifier = '']) => ({ specifier, isTypeOnly: false })),
  ];
}

/** Every function, method and arrow function with its length. One whose end cannot be found lasts to the end of the file. */
export function functionsIn(source: string): readonly FunctionSpan[] {
  const code = codeOf(source);
  const lineOf = (at: number) => code.slice(0, at).split('\n').length;
  return Array.from(code.matchAll(/\(/g), ({ index }) => index)
    .filter((at) => !/\b(?:if|for|while|switch|catch)(?:\s+await)?\s*$/.test(code.slice(Math.max(0, at - 20), at)))
    .map((at) => ({ at, end: endOfFunction(code, closing(code, at) + 1) }))
    .filter((found): found is { at: number; end: number } => found.end !== null)
    .map(({ at, end }) => ({ line: lineOf(at), lines: lineOf(end) - lineOf(at) + 1 }));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function skipSpace(code: string, at: number): number {
  return at + (/^\s*/.exec(code.slice(at))?.[0].length ?? 0);
}

/** The bracket that closes the one at `at`. */
function closing(code: string, at: number): number {
  let depth = 0;
  for (let index = at; index < code.length; index += 1) {
    const character = code.charAt(index);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0) return index;
  }
  return code.length - 1;
}

/** Where the function ends whose parameters end before `at`; null when these were no parameters. */
function endOfFunction(code: string, at: number): number | null {
  const next = skipSpace(code, at);
  const body = code[next] === ':' ? skipType(code, next + 1) : next;
  if (body === null) return null;
  if (code[body] === '{') return closing(code, body);
  return code.startsWith('=>', body) ? endOfArrow(code, skipSpace(code, body + 2)) : null;
}

/** Where the body begins behind a return type: its brace or arrow; null when no body follows. */
function skipType(code: string, at: number): number | null {
  let angles = 0;
  for (let index = skipSpace(code, at); index < code.length; index = skipSpace(code, index + 1)) {
    const character = code.charAt(index);
    const before = code.slice(at, index).trimEnd();
    if (code.startsWith('=>', index)) {
      if (angles === 0 && !before.endsWith(')')) return index;
      index += 1;
    } else if (character === '{' && angles === 0 && !/(?:^|[:|&?]|=>|\bis|\bextends)$/.test(before)) return index;
    else if ('([{'.includes(character)) index = closing(code, index);
    else if (character === '<') angles += 1;
    else if (character === '>') angles -= 1;
    else if (';=)]}'.includes(character) || (character === ',' && angles === 0)) return null;
  }
  return null;
}

/** The last character of an arrow function's body. */
function endOfArrow(code: string, at: number): number {
  if (code[at] === '{') return closing(code, at);
  let index = at;
  while (index < code.length && !',;)]}'.includes(code.charAt(index))) {
    index = ('([{'.includes(code.charAt(index)) ? closing(code, index) : index) + 1;
  }
  return code.slice(0, index).trimEnd().length - 1;
}
