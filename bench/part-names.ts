/** What the bench can measure, in this order. Apart from how, which takes seconds to load. */
export const partNames = [
  'hit-bytes',
  'hit-orders',
  'refusals',
  'miss',
  'coalescing',
  'in-flight',
  'operations',
  'rates',
  'ledger',
  'start-up',
  'bundle',
] as const;
export type PartName = (typeof partNames)[number];
