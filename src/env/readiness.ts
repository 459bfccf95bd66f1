import { withinTime } from '../core/time-limit';
import { type Part, parts, type Readiness } from '../http/readiness';

/** One question to each part, as cheap as there is; what it answers is nothing to us. */
export type Questions = Readonly<Record<Part, () => Promise<unknown>>>;

const limits = { answerMs: 2_000, freshForMs: 5_000 };

/** How much longer than that a request waits for another one's questions, which may have been cut off with its client. */
const patienceMs = 100;

type Answers = Awaited<ReturnType<Readiness>>;

/**
 * Asks all parts at once, and again after a few seconds at the earliest: meanwhile, and while it is being found out, the
 * last answer is told; before the first one, all wait for that. So a flood of questions is not handed on to any part.
 */
export function readinessOf(questions: Questions, { answerMs, freshForMs }: typeof limits = limits): Readiness {
  let known: Answers | null = null;
  let underWay: Promise<Answers> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    known = await askParts(questions, answerMs);
    return known;
  };
  return async () => {
    while (known === null && underWay !== null) {
      const shared = underWay;
      const told = await withinTime(shared, answerMs + patienceMs);
      if (told !== null) return told;
      // The first whose patience ends asks for all others.
      if (underWay === shared) underWay = null;
    }
    const now = Date.now();
    if (known !== null && now - askedAt < freshForMs) return known;
    askedAt = now;
    underWay = ask();
    return await underWay;
  };
}

async function askParts(questions: Questions, answerMs: number): Promise<Answers> {
  const answers = await Promise.all(parts.map((part) => isAnswered(questions[part], answerMs)));
  const failed = parts.filter((_, index) => answers[index] !== true);
  if (failed.length > 0) console.error(JSON.stringify({ event: 'unready', failed }));
  const [ledger = false, pictures = false, objects = false] = answers;
  return { ledger, pictures, objects };
}

async function isAnswered(question: () => Promise<unknown>, answerMs: number): Promise<boolean> {
  const asked = async () => {
    await question();
    return true;
  };
  return (await withinTime(asked(), answerMs)) === true;
}
