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
  const add = (urls: readonly string[]) => change((before) => [...before, ...urls].slice(0, most));
  const take = async (files: readonly File[]) => {
    const pictures = files.filter(({ type }) => acceptedTypes.includes(type));
    const refusal = refusalOf(files.filter(({ type }) => !acceptedTypes.includes(type)));
    if (pictures.length === 0) return refusal === '' ? undefined : setNote(refusal);
    if (gateway === null) return setNote('A key is needed to keep a picture here.');
    setNote('');
    const onLost = (thrown: unknown) => setNote(faultWords(thrown).text);
    // Kept twice, a file does no harm.
    const upload = (file: Blob) => doneSurely(() => gateway.upload(file), { signal: neverAborted, onLost });
    try {
      add(await keep(pictures.slice(0, Math.max(0, room)), upload));
      setNote(pictures.length > room ? `At most ${most} references; the first ${room} were taken.` : refusal);
    } catch (thrown) {
      setNote(faultWords(thrown).text);
    }
  };
  const addUrl = (url: string) => {
    const isTaken = isReferenceUrl(url) && room > 0;
    const refusal = isReferenceUrl(url)
      ? `At most ${most} references.`
      : 'Not taken: a reference is a link that begins with https://, or a picture of this service.';
    setNote(isTaken ? '' : refusal);
    if (isTaken) add([url]);
    return isTaken;
  };
  const remove = (index: number) => change((before) => before.filter((_, other) => other !== index));
  const isKeeping = keeping > 0;
  return { references, most, isKeeping, note: isKeeping && note === '' ? 'Keeping…' : note, take, addUrl, remove };
}

/** How many files are on their way, and the keeping of more: it ends in the order in which it began. */
function useKeeping() {
  const [keeping, setKeeping] = useState(0);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const keep = async (files: readonly File[], upload: Gateway['upload']) => {
    setKeeping((before) => before + files.length);
    const before = last.current;
    const kept = Promise.all(files.map(upload));
    last.current = kept.catch(() => undefined).then(() => before);
    try {
      await Promise.all([kept, before]);
      return await kept;
    } finally {
      setKeeping((before) => before - files.length);
    }
  };
  return { keeping, keep };
}

export const acceptedTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Why files are not taken; empty where there are none. */
function refusalOf([first, ...others]: readonly File[]): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? ' is' : ` and ${others.length} more are`;
  const name = first.name.length > 24 ? `${first.name.slice(0, 23)}…` : first.name;
  return `“${name}”${more} not taken: references are PNG, JPEG, WebP or GIF.`;
}

/** Pictures that are kept here are taken wherever this service runs, a developer's machine included. */
function isReferenceUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || origin === location.origin;
}
