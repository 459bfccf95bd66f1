import type { JsonObject } from '../site-facts';
import { type PlacedOrder, placeOrder } from './placed-order';

/** Orders of which nobody knows yet how they end: while one is open, another press for its picture is the same order. */
export type OpenOrders = ReturnType<typeof createOpenOrders>;

export function createOpenOrders() {
  const open = new Map<string, PlacedOrder>();
  return {
    /** The open order of the picture, or a new one. */
    orderOf: (body: JsonObject): PlacedOrder => {
      const text = JSON.stringify(body);
      const order = open.get(text) ?? placeOrder(body);
      open.set(text, order);
      return order;
    },
    close: (order: PlacedOrder): void => {
      const text = JSON.stringify(order.body);
      if (open.get(text) === order) open.delete(text);
    },
  };
}
