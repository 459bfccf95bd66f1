import { CommandError, exitCodeOf, explain } from '../exit-code';
import { boughtText, failedText, spentOn, underWayText } from './spent-words';

/** What was bought when a run broke off. */
interface BoughtByThen {
  readonly made: readonly { readonly fingerprint: string; readonly isBought: boolean; readonly spentMicros: number }[];
  readonly failures: readonly { readonly spentMicros: number }[];
  readonly underWay: number;
}

/** A run that ended before its report: what ended it, and what was bought by then. */
export class BrokenOff extends CommandError {
  readonly bought: readonly string[];
  readonly spentMicros: number;
  readonly failedMicros: number;
  readonly underWay: number;

  constructor(cause: unknown, { made, failures, underWay }: BoughtByThen) {
    super(`${explain(cause)}\n${byThen({ made, failures, underWay })}`, exitCodeOf(cause));
    // In JSON its facts are told as they came. Its name would make this one of its kind.
    const { name: _, ...facts } = Object(cause);
    Object.assign(this, facts);
    this.bought = made.filter(({ isBought }) => isBought).map(({ fingerprint }) => fingerprint);
    this.spentMicros = spentOn(made);
    this.failedMicros = spentOn(failures);
    this.underWay = underWay;
  }
}

/** Does work that follows on purchases. @throws BrokenOff in the place of what it throws, where there were any */
export async function tellingBought<Result>(byThen: BoughtByThen, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const { made, failures, underWay } = byThen;
    throw made.length + failures.length + underWay === 0 ? thrown : new BrokenOff(thrown, byThen);
  }
}

function byThen({ made, failures, underWay }: BoughtByThen): string {
  const counts = [boughtText(made), ...(failures.length > 0 ? [failedText(failures)] : [])].join(', ');
  const sentence = `${counts.charAt(0).toUpperCase()}${counts.slice(1)} by then.`;
  const rest = made.length > 0 ? ' Run it again for the rest; what is made is not bought again.' : '';
  return `${sentence}${rest}${underWay > 0 ? `\n${underWayText(underWay)}` : ''}`;
}
