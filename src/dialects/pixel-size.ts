import * as z from 'zod';
import { Fault } from '../core/fault';
import { resolveSize, type SizeChoice } from '../core/size';

/** A size as some APIs take it twice: "WIDTHxHEIGHT" or "auto", and its edges. */
interface AskedPixels {
  readonly size: string;
  readonly width: number | null;
  readonly height: number | null;
}
type Place = (name: string) => readonly string[];

/** What a size without one of its edges has there. */
const defaultEdge = 1024;

/**
 * The pixels that are asked for; null: none are. `place` says where a field stands, for the message.
 * @throws Fault naming `size` where it contradicts an edge, or what is out of the limits
 */
export function pixelSize({ size, width, height }: AskedPixels, place: Place = (name) => [name]): SizeChoice | null {
  if (size === 'auto') {
    if (width === null && height === null) return null;
    const expected = 'width × height may be at most 4 megapixels, such as 2048×2048.';
    return withinLimits(width ?? defaultEdge, height ?? defaultEdge, Fault.ofField(place('width'), expected));
  }
  const [wide = 0, high = 0] = size.split('x').map(Number);
  if ((width ?? wide) !== wide || (height ?? high) !== high) {
    throw Fault.ofField(place('size'), 'contradicts width and height: send the one or the others, or both alike.');
  }
  const expected = 'expected a width and a height from 64 to 4096 pixels, 4 megapixels at most together.';
  return withinLimits(wide, high, Fault.ofField(place('size'), expected));
}

function withinLimits(width: number, height: number, otherwise: Fault): SizeChoice {
  const choice: SizeChoice = { kind: 'pixels', width, height };
  try {
    resolveSize(choice, []);
    return choice;
  } catch {
    throw otherwise;
  }
}

const sizeExpected = 'expected "auto" or a width and height such as "1024x1024".';

/** A field for `WIDTHxHEIGHT`; "auto" where it is absent. */
export function sizeField(description: string) {
  return z
    .string(sizeExpected)
    .regex(/^(auto|\d{1,5}x\d{1,5})$/, sizeExpected)
    .nullish()
    .transform((value) => value ?? 'auto')
    .meta({ description, 'x-canonical': 'width, height' })
    .prefault('auto');
}
