/**
 * What Cloudflare bills a Worker for besides requests and CPU time. A call of a Durable Object's method and a run of its
 * alarm are requests each; what an object puts, deletes or sets as its alarm is a row written each.
 * https://developers.cloudflare.com/durable-objects/platform/pricing/
 */
export interface Tally {
  /** R2's class A: put, list, multipart. */
  r2Writes: number;
  /** R2's class B: get, head. */
  r2Reads: number;
  d1Queries: number;
  d1RowsRead: number;
  d1RowsWritten: number;
  objectCalls: number;
  objectAlarms: number;
  objectRowsWritten: number;
  imageTransformations: number;
}

/** All that was counted in this isolate, Durable Objects included, since the last {@link takeTally}. */
let tally = emptyTally();

export function takeTally(): Tally {
  const taken = tally;
  tally = emptyTally();
  return taken;
}

export function count(name: keyof Tally, amount = 1): void {
  tally[name] += amount;
}

function emptyTally(): Tally {
  return {
    r2Writes: 0,
    r2Reads: 0,
    d1Queries: 0,
    d1RowsRead: 0,
    d1RowsWritten: 0,
    objectCalls: 0,
    objectAlarms: 0,
    objectRowsWritten: 0,
    imageTransformations: 0,
  };
}
