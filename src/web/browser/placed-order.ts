import { FluxgateError } from '../../client/fluxgate-error';
import type { PictureSource } from '../../client/task-state';
import type { JsonObject } from '../site-facts';

/** The order of one picture by one press: the same one, however often it is sent until an answer comes through. */
export type PlacedOrder = ReturnType<typeof placeOrder>;

/** `wasStored`: the picture was there before it was pressed, so that a hit is one. */
export function placeOrder(body: JsonObject, wasStored: boolean) {
  let mayBeTaken = false;
  let source: PictureSource | null = null;
  return {
    body,
    idempotencyKey: crypto.randomUUID(),
    /** Whether the service may have it: it was sent, and not refused. */
    mayBeTaken: () => mayBeTaken,
    /** Sends it as the client does, and notes whether the service may have it. */
    fetch: async (url: string, init?: RequestInit) => {
      const wasTaken = mayBeTaken;
      mayBeTaken = true;
      const response = await fetch(url, init);
      if (response.status >= 400 && response.status < 500) mayBeTaken = wasTaken;
      // What was taken at an earlier time, without a word that came through, was bought then.
      if (response.ok && wasTaken && !wasStored) source ??= 'bought';
      return response;
    },
    /** How the picture came by this order: sent again, it joins or hits what it bought itself. */
    sourceOf: (told: PictureSource): PictureSource => {
      source = told === 'bought' ? told : (source ?? told);
      return source;
    },
    /** Whether it cost nothing for sure, as far as the failure itself says. */
    isRefused: (thrown: unknown) =>
      !mayBeTaken && thrown instanceof FluxgateError && thrown.status >= 400 && thrown.status < 500,
  };
}
