import { dollars } from '../money';
import type { Cell } from './use-sweep-run';

/** What a cancelled sheet came to; empty where none was cancelled. A cancel may come too late for the vendor. */
export function cancelledWords(cells: readonly Cell[]): string {
  const cancelled = cells.filter((cell) => cell.kind === 'cancelled');
  if (cancelled.length === 0) return '';
  const bought = cells.filter((cell) => cell.kind === 'made' && cell.paidMicros > 0).length;
  const spentMicros = sumOf(cells.map((cell) => ('paidMicros' in cell ? cell.paidMicros : 0)));
  const lateMicros = sumOf(cancelled.map(({ orderedMicros }) => orderedMicros));
  const perhaps = lateMicros === 0 ? '' : `; perhaps ${dollars(lateMicros)} more`;
  return `Cancelled: ${bought} bought, ${dollars(spentMicros)} spent${perhaps}.`;
}

const sumOf = (micros: readonly number[]) => micros.reduce((sum, each) => sum + each, 0);
