import { useRef, useState } from 'hono/jsx/dom';
import { eachAtMost } from './each-at-most';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import { makeSurely } from './make-surely';
import { reachable } from './once-reachable';
import { type PlacedOrder, placeOrder } from './placed-order';
import { createPurse, type Purse } from './purse';
import type { Place } from './sweep-state';
import { type PlaceQuote, quoteOf } from './use-sweep-quotes';

/** Pictures under way at once: each holds a connection, of which a browser has six for a site. */
const mostAtOnce = 3;

/** How a place of the sheet stands. */
export type Cell =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'under way'; readonly task: TaskState | null }
  | { readonly kind: 'made'; readonly picture: Picture; readonly paidMicros: number }
  | { readonly kind: 'failed'; readonly words: FaultWords; readonly paidMicros: number }
  | { readonly kind: 'left out' }
  /** `orderedMicros` is what it costs where the cancel came too late for the vendor; 0 where it was not ordered. */
  | { readonly kind: 'cancelled'; readonly orderedMicros: number };

const notOrdered: Cell = { kind: 'cancelled', orderedMicros: 0 };

/** A sheet that is made or was: its places by the text of their orders, so that a changed plan keeps what it shares. */
export interface Run {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly isUnderWay: boolean;
  readonly spentMicros: number;
}

export const placeKey = ({ body }: Pick<Place, 'body'>) => JSON.stringify(body);

/** Makes a sheet, a few pictures at a time, and starts none that could take it over its budget. */
export function useSweepRun(gateway: Gateway | null, onEnd: () => void) {
  const [run, setRun] = useState<Run>({ cells: new Map(), isUnderWay: false, spentMicros: 0 });
  const current = useRef<AbortController | null>(null);
  const start = async (places: readonly Place[], budgetMicros: number) => {
    if (gateway === null) return;
    const controller = new AbortController();
    current.current = controller;
    const purse = createPurse(budgetMicros);
    const show = (place: Place, cell: Cell) => {
      const spentMicros = purse.spentMicros();
      setRun((before) => ({ ...before, spentMicros, cells: new Map(before.cells).set(placeKey(place), cell) }));
    };
    setRun({
      cells: new Map(places.map((place) => [placeKey(place), { kind: 'waiting' }])),
      isUnderWay: true,
      spentMicros: 0,
    });
    await eachAtMost(places, mostAtOnce, async (place) => {
      const { signal } = controller;
      const tell = (cell: Cell) => show(place, cell);
      tell(signal.aborted ? notOrdered : await makeWithin({ gateway, purse, place, signal, tell }));
    });
    setRun((before) => ({ ...before, isUnderWay: false }));
    onEnd();
  };
  return { run, start, cancel: () => current.current?.abort() };
}

interface Making {
  readonly gateway: Gateway;
  readonly purse: Purse;
  readonly place: Place;
  readonly signal: AbortSignal;
  readonly tell: (cell: Cell) => void;
}

/** The price is asked for once more: what was stored or cheap when the sheet was planned may be neither by now. */
async function makeWithin({ gateway, purse, place, signal, tell }: Making): Promise<Cell> {
  const quote = await quoteSurely({ gateway, place, signal, tell });
  if (signal.aborted) return notOrdered;
  if (quote.kind === 'refused') return { kind: 'failed', words: quote.words, paidMicros: 0 };
  if (!purse.hold(quote.micros)) return { kind: 'left out' };
  let last: TaskState | null = null;
  const order = placeOrder(place.body);
  order.priced(quote);
  const onProgress = (task: TaskState | null) => {
    last = task ?? last;
    tell({ kind: 'under way', task });
  };
  const lost = (thrown: unknown) => lostBy({ thrown, last, order, quotedMicros: quote.micros });
  const onLost = (words: FaultWords) => tell({ kind: 'failed', words, paidMicros: 0 });
  const cell = await makeSurely(gateway, order, { signal, onProgress, onLost }).then(
    (picture): Cell => ({ kind: 'made', picture, paidMicros: order.paidFor(picture) }),
    (thrown): Cell => {
      if (signal.aborted) return { kind: 'cancelled', orderedMicros: quote.micros };
      return { kind: 'failed', words: orderFaultWords(thrown), paidMicros: lost(thrown) };
    },
  );
  purse.settle(quote.micros, 'paidMicros' in cell ? cell.paidMicros : quote.micros);
  return cell;
}

/** The price, once somebody can be asked. */
async function quoteSurely({ gateway, place, signal, tell }: Omit<Making, 'purse'>): Promise<PlaceQuote> {
  for (;;) {
    const quote = await quoteOf(gateway, place, signal);
    if (signal.aborted || quote.kind !== 'refused' || !quote.words.isConnectionLost) return quote;
    tell({ kind: 'failed', words: quote.words, paidMicros: 0 });
    await reachable(signal).catch(() => undefined);
  }
}

interface Loss {
  readonly thrown: unknown;
  /** The last that was told of it. */
  readonly last: TaskState | null;
  readonly order: PlacedOrder;
  readonly quotedMicros: number;
}

/** What a failure cost: nothing where it was refused before it was ordered, its price where nobody can tell. */
function lostBy({ thrown, last, order, quotedMicros }: Loss): number {
  if (last !== null) return last.cost.actualMicros ?? quotedMicros;
  return order.isRefused(thrown) ? 0 : quotedMicros;
}
