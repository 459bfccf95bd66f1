import { useMemo, useRef, useState } from 'hono/jsx/dom';
import type { JsonObject } from '../site-facts';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, OwnPicture, TaskState } from './gateway';
import { makeSurely, type Telling } from './make-surely';
import { createOpenOrders, type OpenOrders } from './open-orders';
import type { PlacedOrder } from './placed-order';
import { holdPrice, type Limit, RisenPrice, type ShownPrice } from './risen-price';

/** How the making of a picture stands. */
export type Making =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'under way';
      readonly task: TaskState | null;
      readonly since: number;
      /** Who could not take it, where it waits again. */
      readonly refusedBy: string | null;
    }
  | {
      readonly kind: 'made';
      readonly picture: OwnPicture;
      readonly paidMicros: number;
      readonly body: JsonObject;
      readonly tookMs: number;
    }
  /** `risen` is the price that the words tell, where they tell one. */
  | { readonly kind: 'failed'; readonly words: FaultWords; readonly risen?: ShownPrice }
  | { readonly kind: 'cancelled' };

export interface Ordering extends Limit {
  readonly body: JsonObject;
}

/** Makes one picture at a time. */
export function useMaking(gateway: Gateway | null, onEnd: () => void) {
  const [making, setMaking] = useState<Making>({ kind: 'idle' });
  const current = useRef<{ readonly order: PlacedOrder; readonly controller: AbortController } | null>(null);
  const orders = useMemo(createOpenOrders, [gateway]);

  const start = async ({ body, ...limit }: Ordering) => {
    if (gateway === null) return;
    // Another one may wait for a connection.
    current.current?.controller.abort();
    const controller = new AbortController();
    const order = orders.orderOf(body);
    current.current = { order, controller };
    const { signal } = controller;
    const next = await makingOf({ gateway, orders, order, limit }, tellingOf(signal, setMaking));
    if (signal.aborted) return;
    setMaking(next);
    onEnd();
  };

  const cancel = () => {
    if (current.current) {
      orders.close(current.current.order);
      current.current.controller.abort();
    }
    setMaking({ kind: 'cancelled' });
    onEnd();
  };

  return { making, start, cancel };
}

/** Tells how the making stands, until the signal. */
function tellingOf(signal: AbortSignal, show: (making: Making) => void): Telling {
  const since = Date.now();
  const tell = (making: Making) => {
    if (!signal.aborted) show(making);
  };
  let asked: string | null = null;
  return {
    signal,
    onProgress: (task) => {
      tell({ kind: 'under way', task, since, refusedBy: task?.status === 'queued' ? asked : null });
      asked = task?.provider ?? asked;
    },
    onLost: (words) => tell({ kind: 'failed', words }),
  };
}

interface Desk {
  readonly gateway: Gateway;
  readonly orders: OpenOrders;
  readonly order: PlacedOrder;
  readonly limit: Limit;
}

/** Orders at the price that was shown, or not at all. */
async function makingOf({ gateway, orders, order, limit }: Desk, telling: Telling): Promise<Making> {
  const startedAt = Date.now();
  const { body } = order;
  try {
    const allow = () => holdPrice(gateway, { order, ...limit }, telling.signal);
    const picture = await makeSurely(gateway, order, telling, allow);
    orders.close(order);
    return { kind: 'made', picture, paidMicros: order.paidFor(picture), body, tookMs: Date.now() - startedAt };
  } catch (thrown) {
    if (!order.isOpenAfter(thrown)) orders.close(order);
    if (thrown instanceof RisenPrice) return { kind: 'failed', words: thrown.words, risen: thrown };
    return { kind: 'failed', words: orderFaultWords(thrown) };
  }
}
