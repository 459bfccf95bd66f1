import { CommandError, exitCodeOf, explain } from '../exit-code';
import { type FailureJson, failureJson, failureText } from './failure-words';
import type { Failure } from './plan';
import { boughtText, failedText, spentOn, underWayText } from './spent-words';

/** What was bought when a run broke off. */
interface BoughtByThen {
  readonly made: readonly { readonly fingerprint: string; readonly isBought: boolean; readonly spentMicros: number }[];
  readonly failures: readonly Failure[];
  readonly underWay: number;
}

/** A run that ended before its report: what ended it, what was bought by then, and what had failed. */
export class BrokenOff extends CommandError {
  readonly bought: readonly string[];
  readonly spentMicros: number;
  readonly failedMicros: number;
  readonly failures: readonly FailureJson[];
  readonly underWay: number;

  constructor(cause: unknown, { made, failures, underWay }: BoughtByThen) {
    const told = [explain(cause), byThen({ made, failures, underWay }), ...failures.map(failureText)];
    super(told.join('\n'), exitCodeOf(cause));
    // In JSON its facts are told as they came. Its name would make this one of its kind.
    const { name: _, ...facts } = Object(cause);
    Object.assign(this, facts);
    this.bought = made.filter(({ isBought }) => isBought).map(({ fingerprint }) => fingerprint);
    this.spentMicros = spentOn(made);
    this.failedMicros = spentOn(failures);
    this.failures = failures.map(failureJson);
    this.underWay = underWay;
  }
}

/** Does work that follows on purchases. @throws BrokenOff in the place of what it throws, where there were any */
export async function tellingBought<Result>(byThen: BoughtByThen, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw brokenOff(thrown, byThen);
  }
}

/** What ends a run, with what was bought by then, where there is any of that. */
export function brokenOff(thrown: unknown, byThen: BoughtByThen): unknown {
  const { made, failures, underWay } = byThen;
  return made.length + failures.length + underWay === 0 ? thrown : new BrokenOff(thrown, byThen);
}

function byThen({ made, failures, underWay }: BoughtByThen): string {
  const counts = [boughtText(made), ...(failures.length > 0 ? [failedText(failures)] : [])].join(', ');
  const sentence = `${counts.charAt(0).toUpperCase()}${counts.slice(1)} by then.`;
  const rest = made.length > 0 ? ' Run it again for the rest; what is made is not bought again.' : '';
  return `${sentence}${rest}${underWay > 0 ? `\n${underWayText(underWay)}` : ''}`;
}
