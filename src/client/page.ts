/** A part of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
}
