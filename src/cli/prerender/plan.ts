import { FluxgateError } from '../../client/fluxgate-error';
import type { Lock } from './lock';
import { lockedBy } from './lock';
import type { Page } from './page';
import { type PictureFormat, type PictureParameters, parametersKey } from './picture-parameters';
import type { PictureQuote, PictureService } from './picture-service';
import { type Place, placeOf } from './place';
import { forEach } from './pool';

/** One picture, wherever it is wanted. */
export interface PlannedPicture {
  readonly key: string;
  readonly parameters: PictureParameters;
  readonly formats: ReadonlySet<PictureFormat>;
  readonly places: readonly Place[];
}

/** The pictures of all pages, each once, in the order in which they are found. */
export function planned(pages: readonly Page[]): readonly PlannedPicture[] {
  const all = pages.flatMap(({ path, text, pictures }) =>
    pictures.map(({ tag, parameters, format }) => ({
      ...{ key: parametersKey(parameters), parameters, format },
      place: placeOf(path, text, tag.start),
    })),
  );
  const byKey = new Map<string, PlannedPicture>();
  for (const { key, parameters, format, place } of all) {
    const { formats = [], places = [] } = byKey.get(key) ?? {};
    byKey.set(key, { key, parameters, formats: new Set([...formats, format]), places: [...places, place] });
  }
  return [...byKey.values()];
}

/** Whether the lock knows all that pages need of a picture, so that nobody has to be asked. */
export function isLocked(lock: Lock | null, { parameters, formats }: PlannedPicture): boolean {
  const fingerprint = lockedBy(lock)(parameters);
  const locked = fingerprint === undefined ? undefined : lock?.pictures[fingerprint];
  return locked !== undefined && [...formats].every((format) => locked.urls[format] !== undefined);
}

export interface Quoted {
  readonly picture: PlannedPicture;
  readonly quote: PictureQuote;
}
export interface Failure {
  readonly picture: PlannedPicture;
  readonly error: unknown;
  /** What it cost all the same. */
  readonly spentMicros: number;
  /** Whether nobody knows if it was bought: its price is presumed, and the service may give that back. */
  readonly isUnknown: boolean;
}

/** Asks what each would cost; what is refused is told with the rest. */
export async function quoted(
  service: PictureService,
  pictures: readonly PlannedPicture[],
  { concurrency, onDone }: { readonly concurrency: number; onDone(count: number): void },
): Promise<{ quotes: readonly Quoted[]; failures: readonly Failure[] }> {
  const quotes = new Map<PlannedPicture, PictureQuote>();
  const failures: Failure[] = [];
  await forEach(pictures, concurrency, async (picture) => {
    try {
      quotes.set(picture, await service.quote(picture.parameters, picture.formats.size));
    } catch (error) {
      if (!isAboutPicture(error)) throw error;
      failures.push({ picture, error, spentMicros: 0, isUnknown: false });
    }
    onDone(quotes.size + failures.length);
  });
  const inOrder = pictures.flatMap((picture) => {
    const quote = quotes.get(picture);
    return quote === undefined ? [] : [{ picture, quote }];
  });
  return { quotes: inOrder, failures };
}

/**
 * Whether others may go well: a wrong key or a service that is away is no picture's fault. A refusal that names what was
 * ordered, such as a size, is about that order alone.
 */
export function isAboutPicture(thrown: unknown): boolean {
  if (!(thrown instanceof FluxgateError)) return false;
  const { code, issues } = thrown;
  if (isRefusal(code)) return issues.some(({ field }) => field !== '');
  return code !== 'unreachable';
}

/** Whether a service says by this code that a key may not do what it was asked. */
export function isRefusal(code: string | undefined): boolean {
  return code === 'unauthenticated' || code === 'forbidden';
}
