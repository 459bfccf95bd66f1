import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';

/** How many cases, from which seed, of which dialect: flags of `npm run fuzz`. */
export const run = {
  cases: Number(env.FUZZ_CASES),
  seed: Number(env.FUZZ_SEED),
  isAsked: (dialect: string) => env.FUZZ_DIALECT === '' || env.FUZZ_DIALECT === dialect,
};

const slowMs = 2_000;
/** Shrinking ends after this long: its first steps tell most. */
const shrinkingMs = 30_000;

export interface Property<Case> {
  /** The dialect that the cases are of; absent where they are of several. */
  readonly dialect?: string;
  /** The part of a dialect's cases that go to this property. */
  readonly share: number;
  readonly cases: fc.Arbitrary<Case>;
  /** The request that a case is, as a line for a shell. */
  readonly shown: (one: Case) => string;
  /** Throws where the case shows a fault of ours. */
  readonly check: (one: Case) => Promise<void>;
}

/** Tries a property on its share of the cases. @throws Error with the smallest request that fails, and how to repeat it. */
export async function holds<Case>({ dialect, share, cases, shown, check }: Property<Case>): Promise<void> {
  const numRuns = Math.max(1, Math.ceil(run.cases * share));
  let shrinksUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(cases, async (one) => {
    if (Date.now() > shrinksUntil) return;
    await inTime(async () => await check(one)).catch((thrown: unknown) => {
      shrinksUntil = Math.min(shrinksUntil, Date.now() + shrinkingMs);
      throw thrown;
    });
  });
  const details = await fc.check(property, { seed: run.seed, numRuns });
  if (!details.failed || details.counterexample === null) return;
  const [smallest] = details.counterexample;
  const { errorInstance: thrown } = details;
  const reason =
    thrown instanceof Error ? (thrown.stack ?? thrown.message).split('\n').slice(0, 12).join('\n') : String(thrown);
  const again = `npm run fuzz -- --seed ${run.seed} --cases ${run.cases}${dialect === undefined ? '' : ` --dialect ${dialect}`}`;
  const found = `case ${details.numRuns} of ${numRuns}, made smaller ${details.numShrinks} times`;
  const failure = new Error(`${reason}\n\n${found}:\n${shown(smallest)}\n\nagain: ${again}\n`);
  failure.stack = failure.message;
  throw failure;
}

/** A busy machine may be slow once; what hangs is slow again. */
async function inTime(check: () => Promise<void>): Promise<void> {
  if ((await timed(check)) <= slowMs) return;
  const again = await timed(check);
  if (again > slowMs) throw new Error(`It took ${again} ms, twice; ${slowMs} ms is the most that any request may.`);
}

/** The clock stands still in workerd until something is waited for. */
async function timed(check: () => Promise<void>): Promise<number> {
  const startedAt = Date.now();
  await check();
  await scheduler.wait(0);
  return Date.now() - startedAt;
}
