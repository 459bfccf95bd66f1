import type { Format } from '../core/rendition';

/** What `format=auto` chooses from, the smallest files first. */
const offered: readonly Format[] = ['avif', 'webp'];
/** Longer than any browser's. */
const mostCharacters = 1_000;

/**
 * The formats that a caller says it can show, the best first; `otherwise`, which everybody can, is the last. Only what
 * is named counts: browsers send wildcards along, whatever they can show.
 */
export function acceptedFormats(accept: string | undefined, otherwise: Format): readonly [Format, ...Format[]] {
  const named = new Map((accept ?? '').slice(0, mostCharacters).toLowerCase().split(',').map(readRange));
  const weight = (format: Format) => named.get(`image/${format}`) ?? 0;
  const [first = otherwise, ...others] = offered
    .filter((format) => weight(format) > 0 && format !== otherwise)
    .toSorted((one, other) => weight(other) - weight(one));
  return first === otherwise ? [otherwise] : [first, ...others, otherwise];
}

function readRange(range: string): readonly [string, number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return [type, Number.isFinite(weight) ? weight : 0];
}
