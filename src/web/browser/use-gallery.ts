import { useMemo, useRef, useState } from 'hono/jsx/dom';
import { type AccountGateway, createAccountGateway, type ListedOwnTask } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import { filterOf, fragmentOfFilter, type GalleryFilter, queryOf } from './gallery-filter';
import { useEffect } from './use-effect';
import { type Holder, useHolder } from './use-holder';
import { useKey } from './use-key';
import { useOnline } from './use-online';

const pageLength = 24;

export interface Listing {
  readonly tasks: readonly ListedOwnTask[];
  /** null: there is no more. */
  readonly next: string | null;
  readonly isAsking: boolean;
  readonly fault: FaultWords | null;
}

/** What the account made, as far as it is looked for and was asked for. */
export function useGallery(developmentKey: string | null) {
  const key = useKey(developmentKey);
  const gateway = useMemo(() => (key.apiKey === null ? null : createAccountGateway(key.apiKey)), [key.apiKey]);
  const { holder, fault } = useHolder(gateway);
  const { filter, change } = useFilter();
  const { listing, more, drop } = useListing(gateway, filter);
  const isKeyRefused = [fault, listing.fault].some((words) => words?.isAboutKey);
  return {
    ...{ key, gateway, holder, filter, change, listing, more, drop },
    pins: usePins(gateway, holder),
    isKeyAsked: key.apiKey === null || isKeyRefused,
  };
}

function useFilter() {
  const [filter, setFilter] = useState(() => filterOf(location.hash));
  useEffect(() => {
    const follow = () => setFilter(filterOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = (part: Partial<GalleryFilter>) => {
    const next = { ...filter, ...part };
    setFilter(next);
    history.replaceState(null, '', fragmentOfFilter(next) || location.pathname);
  };
  return { filter, change };
}

const nothing: Listing = { tasks: [], next: null, isAsking: false, fault: null };

function useListing(gateway: AccountGateway | null, filter: GalleryFilter) {
  const [listing, setListing] = useState<Listing>({ ...nothing, isAsking: gateway !== null });
  const asked = useRef(0);
  const ask = async (before: readonly ListedOwnTask[], cursor: string | null) => {
    if (gateway === null) return setListing(nothing);
    asked.current += 1;
    const turn = asked.current;
    setListing({ ...nothing, tasks: before, isAsking: true });
    const query = { ...queryOf(filter), limit: pageLength, ...(cursor === null ? {} : { cursor }) };
    const found = await gateway.tasks(query).then(
      ({ data, next }): Listing => ({ ...nothing, tasks: [...before, ...data], next }),
      (thrown): Listing => ({ ...nothing, tasks: before, next: cursor, fault: faultWords(thrown) }),
    );
    if (turn === asked.current) setListing(found);
  };
  useEffect(() => {
    void ask([], null);
  }, [gateway, JSON.stringify(queryOf(filter))]);
  const more = () => void ask(listing.tasks, listing.next);
  const online = useOnline(listing.fault);
  useEffect(() => {
    if (online > 0) more();
  }, [online]);
  return {
    listing,
    more,
    /** Takes a picture off the page that is gone from the store. */
    drop: (fingerprint: string) =>
      setListing((before) => ({ ...before, tasks: before.tasks.filter((task) => task.fingerprint !== fingerprint) })),
  };
}

/** Which pictures the account keeps whatever happens; null until that is known. */
function usePins(gateway: AccountGateway | null, holder: Holder | null) {
  const [pinned, setPinned] = useState<ReadonlySet<string> | null>(null);
  const [fault, setFault] = useState<FaultWords | null>(null);
  const online = useOnline(fault);
  const mayPin = holder?.key.scopes.includes('generate') ?? false;
  useEffect(() => {
    setPinned(null);
    if (gateway === null || !mayPin) return;
    void allPins(gateway).then(setPinned, (thrown) => setFault(faultWords(thrown)));
  }, [gateway, mayPin, online]);
  const toggle = async (fingerprint: string) => {
    if (gateway === null || pinned === null) return;
    const isPinned = pinned.has(fingerprint);
    await (isPinned ? gateway.unpin(fingerprint) : gateway.pin(fingerprint));
    // Others were pressed meanwhile.
    setPinned((before) => {
      const rest = [...(before ?? [])].filter((one) => one !== fingerprint);
      return before && new Set(isPinned ? rest : [...rest, fingerprint]);
    });
  };
  return { mayPin, pinned, toggle };
}
export type Pins = ReturnType<typeof usePins>;

async function allPins(gateway: AccountGateway): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const { data, next } = await gateway.pins(cursor);
    for (const { fingerprint } of data) found.add(fingerprint);
    if (next === null) return found;
    cursor = next;
  }
}
