import { useRef, useState } from 'hono/jsx/dom';
import { doneSurely } from './done-surely';
import { faultWords } from './fault-words';
import type { Gateway } from './gateway';

const { signal: neverAborted } = new AbortController();

export interface ReferencesProps {
  readonly references: readonly string[];
  /** So many are taken. */
  readonly most: number;
  readonly gateway: Gateway | null;
  /** Changes those that are there by then: a file is kept after a while. */
  readonly change: (changed: (before: readonly string[]) => readonly string[]) => void;
}
export type References = ReturnType<typeof useReferences>;

/** The references of a bench, how they are added and removed, and what there is to say about it. */
export function useReferences({ references, most, gateway, change }: ReferencesProps) {
  const [note, setNote] = useState('');
  const { keeping, keep } = useKeeping();
  const room = most - references.length - keeping;
  const add = (urls: readonly string[]) => {
    if (urls.length > 0) change((before) => [...before, ...urls].slice(0, most));
  };
  const take = async (files: readonly File[]) => {
    const pictures = files.filter(({ type }) => acceptedTypes.includes(type));
    const taken = pictures.slice(0, Math.max(0, room));
    const refusal = refusalOf(files.filter(({ type }) => !acceptedTypes.includes(type)));
    if (pictures.length === 0) return refusal === '' ? undefined : setNote(refusal);
    if (gateway === null) return setNote('A key is needed to keep a picture here.');
    setNote('');
    const onLost = (thrown: unknown) => setNote(faultWords(thrown).text);
    // Kept twice, a file does no harm.
    const upload = (file: Blob) => doneSurely(() => gateway.upload(file), { signal: neverAborted, onLost });
    const outcomes = await keep(taken, upload);
    add(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    const excess = pictures.length > room ? `At most ${most} references; the first ${room} were taken.` : '';
    setNote([excess || refusal, ...lossesOf(taken, outcomes)].join(' ').trim());
  };
  /** @returns whether all of them are taken */
  const addUrls = (urls: readonly string[]) => {
    const right = urls.filter(isReferenceUrl);
    const taken = right.slice(0, Math.max(0, room));
    const isFull = taken.length < right.length;
    const refusal = isFull ? `At most ${most} references.` : right.length < urls.length ? wrongLink : '';
    setNote(refusal);
    add(taken);
    return refusal === '';
  };
  const remove = (index: number) => change((before) => before.filter((_, other) => other !== index));
  const isKeeping = keeping > 0;
  return { references, most, isKeeping, note: isKeeping && note === '' ? 'Keeping…' : note, take, addUrls, remove };
}

/** How many files are on their way, and the keeping of more: it ends in the order in which it began. */
function useKeeping() {
  const [keeping, setKeeping] = useState(0);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const keep = async (files: readonly File[], upload: Gateway['upload']) => {
    setKeeping((before) => before + files.length);
    const before = last.current;
    const kept = Promise.allSettled(files.map(upload));
    last.current = kept.then(() => before);
    await last.current;
    setKeeping((before) => before - files.length);
    return await kept;
  };
  return { keeping, keep };
}

export const acceptedTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Why files are not taken; empty where there are none. */
function refusalOf([first, ...others]: readonly File[]): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? ' is' : ` and ${others.length} more are`;
  return `${nameOf(first)}${more} not taken: references are PNG, JPEG, WebP or GIF.`;
}

/** Which files could not be kept, a sentence for each reason. */
function lossesOf(files: readonly File[], outcomes: readonly PromiseSettledResult<string>[]): string[] {
  const lost = files.flatMap((file, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'rejected' ? [{ name: nameOf(file), why: faultWords(outcome.reason).text }] : [];
  });
  return [...Map.groupBy(lost, ({ why }) => why)].map(
    ([why, alike]) => `Not taken: ${alike.map(({ name }) => name).join(', ')}. ${why}`,
  );
}

const nameOf = ({ name }: File) => `“${name.length > 24 ? `${name.slice(0, 23)}…` : name}”`;

const wrongLink = 'Not taken: a reference is a link that begins with https://, or a picture of this service.';

/** Pictures that are kept here are taken wherever this service runs, a developer's machine included. */
function isReferenceUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || origin === location.origin;
}
