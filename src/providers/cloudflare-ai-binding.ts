import { startDeadline } from '../core/guarded/deadline';
import type { AiBinding, Submission } from '../core/provider';
import { acceptedRun, otherwiseOfCode, refusalOfCode } from './cloudflare-ai-answer';
import { refused, unknownOutcome } from './purchase';

/**
 * Buys by the AI binding. It throws where the platform answers with an error, with the platform's code at the head of
 * the message ("5007: No such model …"): a code that says that nothing was run is a refusal, and all else is unknown.
 */
export async function runBinding(
  ai: AiBinding,
  { title, model, input, timeoutMs }: { title: string; model: string; input: unknown; timeoutMs: number },
): Promise<Submission> {
  if (timeoutMs <= 0) return refused({ title }, 'unavailable', null);
  const deadline = startDeadline(timeoutMs);
  try {
    const answer = await deadline.race(settled(ai.run(model, input)), 'The AI binding failed.');
    if ('thrown' in answer) return sortThrown(answer.thrown, title);
    return acceptedRun(answer.value, title) ?? unknownOutcome({ title }, 'its answer was not in its own shape');
  } catch {
    return unknownOutcome({ title }, 'it did not answer in time');
  } finally {
    deadline.end();
  }
}

function sortThrown(thrown: unknown, title: string): Submission {
  const message = thrown instanceof Error ? thrown.message : '';
  const [, digits, words = null] = /^(\d{3,5}): (.*)/s.exec(message) ?? [];
  const code = Number(digits);
  const reason = refusalOfCode(code);
  if (reason !== null) return refused({ title }, reason, words);
  return otherwiseOfCode(code, title) ?? unknownOutcome({ title }, 'the AI binding failed without saying why');
}

type Settled = { readonly value: unknown } | { readonly thrown: unknown };

function settled(running: Promise<unknown>): Promise<Settled> {
  return running.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
}
