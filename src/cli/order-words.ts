import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { PictureOptions, ReferenceInput } from '../client/order';
import { CommandError } from './exit-code';
import { collected, decimalNumber, size, wholeNumber } from './words';

/** How a picture is described on the command line. */
export interface OrderWords {
  readonly size?: { readonly width: number; readonly height: number };
  readonly aspect?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly safety?: number;
  readonly upsampling: boolean;
  readonly reference?: readonly string[];
  readonly provider?: string;
  readonly nearest?: boolean;
}

export function withOrderOptions(command: Command): Command {
  return withPictureOptions(command)
    .option('--provider <id>', 'this provider and no other')
    .option('--nearest', 'take what comes nearest where nobody makes exactly this');
}

/** What the picture is, and not who makes it: all that a link can say. */
export function withPictureOptions(command: Command): Command {
  return command
    .option('-s, --size <size>', 'such as 1024x768', size)
    .option('--aspect <ratio>', 'such as 16:9, at one megapixel')
    .option('--seed <seed>', 'the same seed is the same picture', wholeNumber(0, 2 ** 32 - 1))
    .option('--steps <steps>', '1 to 50', wholeNumber(1, 50))
    .option('--guidance <guidance>', '1.5 to 10', decimalNumber(1.5, 10))
    .option('--safety <tolerance>', '0 (strictest) to 5', wholeNumber(0, 5))
    .option('--no-upsampling', 'take the prompt as it is')
    .option('-r, --reference <file-or-url>', 'a picture to work from; may be given 8 times', collected);
}

/**
 * What to order. The prompt `-` is read from the standard input; one that begins with a brace is a JSON prompt.
 * @throws CommandError where a file cannot be read
 */
export async function orderOf(words: string, options: OrderWords): Promise<PictureOptions> {
  const prompt = promptOf(words === '-' ? (await textOf(process.stdin)).trim() : words);
  const references = await Promise.all((options.reference ?? []).map(referenceOf));
  const { aspect, seed, steps, guidance, safety, provider } = options;
  return {
    prompt,
    ...options.size,
    ...(aspect === undefined ? {} : { aspectRatio: aspect }),
    ...(seed === undefined ? {} : { seed }),
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(safety === undefined ? {} : { safetyTolerance: safety }),
    ...(options.upsampling ? {} : { promptUpsampling: false }),
    ...(references.length === 0 ? {} : { references }),
    ...(provider === undefined ? {} : { provider }),
    ...(options.nearest ? { fit: 'nearest' as const } : {}),
  };
}

function promptOf(text: string): PictureOptions['prompt'] {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function referenceOf(place: string): Promise<ReferenceInput> {
  if (/^(https?|data):/.test(place)) return place;
  try {
    return await readFile(place);
  } catch {
    throw new CommandError(`The reference ${place} cannot be read: give a picture file or an https URL.`);
  }
}
