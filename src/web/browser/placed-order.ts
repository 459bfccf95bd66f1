import { FluxgateError } from '../../client/fluxgate-error';
import type { Picture } from '../../client/picture';
import type { PictureSource } from '../../client/task-state';
import type { JsonObject } from '../site-facts';

/** The order of one picture by one press: the same one, however often it is sent until an answer comes through. */
export type PlacedOrder = ReturnType<typeof placeOrder>;

/** What was told of the picture's price before it is sent. */
export interface OrderPrice {
  /** Whether the picture is there already, so that a hit is one. */
  readonly isStored: boolean;
  /** What it costs where nothing is bought for it, as it is there or in the making. */
  readonly hitMicros: number;
}

export function placeOrder(body: JsonObject) {
  let mayBeTaken = false;
  let isTaken = false;
  let source: PictureSource | null = null;
  let price: OrderPrice = { isStored: false, hitMicros: 0 };
  return {
    body,
    idempotencyKey: crypto.randomUUID(),
    /** Notes what it costs. What is stored once it was sent may be its own picture. */
    priced: ({ isStored, hitMicros }: OrderPrice) => {
      price = { isStored: mayBeTaken ? price.isStored : isStored, hitMicros };
    },
    /** Whether the service may have it: it was sent, and not refused. */
    mayBeTaken: () => mayBeTaken,
    /** Whether the service has it for sure. */
    isTaken: () => isTaken,
    /** Sends it as the client does, and notes whether the service may have it. */
    fetch: async (url: string, init?: RequestInit) => {
      const wasTaken = mayBeTaken;
      mayBeTaken = true;
      const response = await fetch(url, init);
      if (response.status >= 400 && response.status < 500) mayBeTaken = wasTaken;
      isTaken ||= response.ok;
      // What was taken at an earlier time, without a word that came through, was bought then.
      if (response.ok && wasTaken && !price.isStored) source ??= 'bought';
      return response;
    },
    /** How the picture came by this order: sent again, it joins or hits what it bought itself. */
    sourceOf: (told: PictureSource): PictureSource => {
      source = told === 'bought' ? told : (source ?? told);
      return source;
    },
    paidFor: (picture: Picture): number => (picture.source === 'bought' ? costOf(picture) : price.hitMicros),
    /** Whether it cost nothing for sure, as far as the failure itself says. */
    isRefused: (thrown: unknown) =>
      !mayBeTaken && thrown instanceof FluxgateError && thrown.status >= 400 && thrown.status < 500,
    /** Whether it may still bring its picture, after this failure: only its task's own end is told by a good answer. */
    isOpenAfter: (thrown: unknown) => mayBeTaken && !(thrown instanceof FluxgateError && thrown.status === 200),
  };
}

const costOf = ({ cost }: Picture) => cost.actualMicros ?? cost.quotedMicros;
