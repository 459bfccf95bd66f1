import { type Paint, painted, plain } from './paint';

/** Where a command writes: answers to `out`, all else to `err`. */
export interface Streams {
  readonly out: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly err: { readonly isTTY?: boolean; write(text: string): unknown };
}

export interface Terminal {
  /** Styles for `print`; plain in a pipe and with NO_COLOR. */
  readonly paint: Paint;
  /** How wide it is; a pipe is as wide as one likes. */
  readonly columns: number;
  readonly showsProgress: boolean;
  /** A line of the answer. */
  print(text: string): void;
  /** A line beside it, such as a warning; not with `--quiet`. */
  note(text: string): void;
  /** The line that is drawn anew. */
  redraw(text: string): void;
}

export function createTerminal(
  { out, err }: Streams,
  { variables, isQuiet, isJson }: { variables: Variables; isQuiet: boolean; isJson: boolean },
): Terminal {
  return {
    paint: paintFor(out, variables),
    columns: out.isTTY === true ? (out.columns ?? 80) : Number.POSITIVE_INFINITY,
    showsProgress: err.isTTY === true && !isQuiet && !isJson && variables.TERM !== 'dumb',
    print: (text) => out.write(`${text}\n`),
    note: (text) => isQuiet || err.write(`${text}\n`),
    redraw: (text) => err.write(`\r\x1b[2K${text}`),
  };
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether somebody reads colours there, and has not declined them: https://no-color.org */
export function paintFor(stream: { readonly isTTY?: boolean }, { NO_COLOR, TERM }: Variables): Paint {
  return stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' ? painted : plain;
}
