import { withinTime } from '../core/time-limit';
import { type Part, parts, type Readiness } from '../http/readiness';

/** One question to each part, as cheap as there is; what it answers is nothing to us. */
export type Questions = Readonly<Record<Part, () => Promise<unknown>>>;

const limits = { answerMs: 2_000, freshForMs: 5_000 };

/**
 * Asks all parts at once, and again after a few seconds at the earliest: meanwhile, and while it is being found out, the
 * last answer is told. So a flood of questions is not handed on to any part.
 */
export function readinessOf(questions: Questions, { answerMs, freshForMs }: typeof limits = limits): Readiness {
  let known: Awaited<ReturnType<Readiness>> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = Date.now();
    if (known !== null && now - askedAt < freshForMs) return known;
    askedAt = now;
    const answers = await Promise.all(parts.map((part) => isAnswered(questions[part], answerMs)));
    const [ledger = false, pictures = false, objects = false] = answers;
    known = { ledger, pictures, objects };
    const failed = parts.filter((_, index) => answers[index] !== true);
    if (failed.length > 0) console.error(JSON.stringify({ event: 'unready', failed }));
    return known;
  };
}

async function isAnswered(question: () => Promise<unknown>, answerMs: number): Promise<boolean> {
  const asked = async () => {
    await question();
    return true;
  };
  return (await withinTime(asked(), answerMs)) === true;
}
