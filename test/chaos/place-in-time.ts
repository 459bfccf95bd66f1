import { setTimeout as sleep } from 'node:timers/promises';

/** Orders that are being placed at once, so that a slow machine is not buried. */
export const mostUnderWay = 60;

/** Milliseconds since 1970. */
interface Span {
  readonly startedAt: number;
  readonly endsAt: number;
}

/**
 * Places every order at its time, or later where the machine does not keep up. What is left when the time is up is not
 * placed: nothing is killed any more then. Ends when all that was placed was answered.
 * @returns how many were placed: the first ones
 */
export async function placeInTime<Order extends { readonly at: number }>(
  orders: readonly Order[],
  { startedAt, endsAt }: Span,
  place: (order: Order) => Promise<void>,
): Promise<number> {
  const underWay = new Set<Promise<void>>();
  const isOver = () => Date.now() >= endsAt;
  const over = sleep(Math.max(0, endsAt - Date.now()), undefined, { ref: false });
  let placed = 0;
  for (const order of orders) {
    await sleep(Math.max(0, startedAt + order.at - Date.now()));
    while (underWay.size >= mostUnderWay && !isOver()) await Promise.race([over, ...underWay]);
    if (isOver()) break;
    const answered = place(order).finally(() => underWay.delete(answered));
    underWay.add(answered);
    placed += 1;
  }
  await Promise.all(underWay);
  return placed;
}
