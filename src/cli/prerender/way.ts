import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** The way from one folder to another, as a lock has it: with slashes. */
export function wayTo(from: string, to: string): string {
  return relative(resolve(from), resolve(to)).split(sep).join('/');
}

/** Without links. Of what is not there yet, as far as it is. */
export async function realPathOf(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(await realPathOf(parent), basename(whole));
  }
}
