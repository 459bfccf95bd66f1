/** Where something stands, as editors count: from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export function placeOf(path: string, text: string, offset: number): Place {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { path, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** As terminals and editors make a link of it. */
export function placeText({ path, line, column }: Place): string {
  return `${path}:${line}:${column}`;
}

/** Something that is wrong in a page. */
export interface PageIssue {
  readonly place: Place;
  readonly message: string;
}
