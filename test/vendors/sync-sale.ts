import type { Sale, Shop, SimulatedReply } from './simulator.ts';

/** How a vendor that answers a purchase with the picture words its ends. */
export interface SyncWords {
  readonly picture: SimulatedReply;
  /** The picture was made, and moderation keeps it back: it is charged. */
  readonly withheld: SimulatedReply;
  /** No picture could be made: it is not charged. */
  readonly failed: SimulatedReply;
}

/** The answer to a sale, held until the picture is finished. */
export function syncReply(sale: Sale, shop: Shop, { picture, withheld, failed }: SyncWords): SimulatedReply {
  const delayMs = Math.max(0, sale.dueAt - shop.now);
  const held = (reply: SimulatedReply) => (delayMs === 0 ? reply : { ...reply, delayMs });
  switch (sale.failure) {
    case 'never-finish':
      return { ...picture, delayMs: 3_600_000 };
    case 'moderate-output':
      return held(withheld);
    case 'fail-after':
      return held(failed);
    default:
      return held(picture);
  }
}
