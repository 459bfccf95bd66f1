/** What the service works with besides itself: D1, R2 and Durable Objects. */
export const parts = ['ledger', 'pictures', 'objects'] as const;
export type Part = (typeof parts)[number];

/** Which of them answer. Never throws. */
export type Readiness = () => Promise<Readonly<Record<Part, boolean>>>;
