export interface Sample {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | null;
}

/** What curl sends for a command line as vendors' pages show them: their quotes, their variables, their long options. */
export function requestOfCurl(command: string, variables: Readonly<Record<string, string>> = {}): Sample {
  const [program, ...words] = wordsOf(command, variables);
  if (program !== 'curl') throw new Error(`${program} is not curl.`);
  const headers = new Headers();
  let [method, url, body]: [string | null, string | null, string | null] = [null, null, null];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--location' || word === '-L') continue;
    if (word === '-X' || word === '--request') method = words.shift() ?? null;
    else if (word === '-H' || word === '--header') addHeader(headers, words.shift() ?? '');
    else if (word === '-d' || word === '--data') body = words.shift() ?? null;
    else if (word.startsWith('-')) throw new Error(`What does ${word} mean?`);
    else url = word;
  }
  if (url === null) throw new Error('The command names no URL.');
  return { method: method ?? (body === null ? 'GET' : 'POST'), url: new URL(url), headers, body };
}

function addHeader(headers: Headers, line: string): void {
  const colon = line.indexOf(':');
  headers.set(line.slice(0, colon), line.slice(colon + 1).trim());
}

/** Splits a command as a shell does: single and double quotes, variables, and a backslash before a line's end. */
function wordsOf(command: string, variables: Readonly<Record<string, string>>): string[] {
  const words: string[] = [];
  const parts = /(\s+|\\\n)|'([^']*)'|"([^"]*)"|\\(.)|([^\s'"\\]+)/gy;
  let word: string | null = null;
  for (const [, space, single, double, escaped, bare] of command.matchAll(parts)) {
    if (space === undefined) {
      word = (word ?? '') + (single ?? escaped ?? expanded(double ?? bare ?? '', variables));
    } else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? '');
}
