import { dollars } from '../wording';

interface Spent {
  readonly spentMicros: number;
}
interface MaybeBought extends Spent {
  readonly isBought: boolean;
}

export function spentOn(all: readonly Spent[]): number {
  return all.reduce((sum, { spentMicros }) => sum + spentMicros, 0);
}

export function boughtText(made: readonly MaybeBought[]): string {
  const bought = made.filter(({ isBought }) => isBought);
  return bought.length > 0 ? `${bought.length} bought for ${dollars(spentOn(bought))}` : 'nothing bought';
}

/** A vendor that withholds a picture may charge for it at each try. */
export function failedText(failures: readonly Spent[]): string {
  const spent = spentOn(failures);
  const cost = spent === 0 ? '' : `, which cost ${dollars(spent)} (asked again, they may cost again)`;
  return `${failures.length} failed${cost}`;
}

/** Of pictures that were ordered, and of which no end is known. */
export function underWayText(underWay: number): string {
  const word = underWay === 1 ? 'was under way: it' : 'were under way: they';
  const ending = underWay === 1 ? 'is' : 'are';
  return `${underWay} ${word} may still be bought, for no total here, and ${ending} there the next time.`;
}
