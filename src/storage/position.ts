/** Where a page of a list that is ordered by time begins: before whatever is at this time under this id. */
export interface Position {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
}

/** Before all there is: the newest come first. */
export const newest: Position = { at: Number.MAX_SAFE_INTEGER, id: '' };
