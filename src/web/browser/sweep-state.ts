import type { JsonObject, SiteFacts } from '../site-facts';
import { type Bench, benchOf, fragmentOf, readPrompt, settingsOf } from './bench-state';
import { orderBody } from './order-body';
import { type Axis, axisNames, benchAt, type ReadAxis, readAxis, usualText } from './sweep-axis';

/** A sweep as it is being planned. */
export interface Sweep {
  readonly bench: Bench;
  readonly across: Axis;
  readonly down: Axis;
  /** What the sheet may cost at the most, in micro-dollars. */
  readonly budgetMicros: number;
}
/** A place of the sheet: the picture that belongs there. */
export interface Place {
  readonly row: number;
  readonly column: number;
  readonly bench: Bench;
  readonly body: JsonObject;
}
/** What the plan comes to; or why it comes to nothing yet. */
export type Sheet =
  | { readonly kind: 'sheet'; readonly places: readonly Place[] }
  | { readonly kind: 'obstacle'; readonly message: string };

const usualBudgetMicros = 1_000_000;

export function sweepOf(fragment: string, { limits }: SiteFacts): Sweep {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const axis = (name: string, usual: Axis): Axis => {
    const [, kind, text] = /^(\w+):(.*)$/.exec(query.get(name) ?? '') ?? [];
    const known = axisNames.find((candidate) => candidate === kind);
    return known === undefined ? usual : { name: known, text: (text ?? '').slice(0, 200) };
  };
  const budget = Number(query.get('budget') ?? Number.NaN);
  const across = axis('across', { name: 'steps', text: usualText.steps });
  const other = across.name === 'guidance' ? 'steps' : 'guidance';
  const down = axis('down', { name: other, text: usualText[other] });
  return {
    bench: { ...benchOf(fragment, limits), isSeedLocked: true },
    across,
    down: down.name === across.name ? { name: other, text: usualText[other] } : down,
    budgetMicros: budget > 0 && budget <= 1_000_000 ? Math.round(budget * 1e6) : usualBudgetMicros,
  };
}

export function fragmentOfSweep({ bench, across, down, budgetMicros }: Sweep): string {
  const query = new URLSearchParams(fragmentOf(bench).slice(1));
  query.set('across', `${across.name}:${across.text}`);
  query.set('down', `${down.name}:${down.text}`);
  query.set('budget', String(budgetMicros / 1e6));
  return `#${query}`;
}

/** The values of both axes. */
export function axesOf({ across, down }: Sweep, { limits }: SiteFacts): { across: ReadAxis; down: ReadAxis } {
  return { across: readAxis(across, limits), down: readAxis(down, limits) };
}

/** Every picture of the sheet, row by row. */
export function sheetOf(sweep: Sweep, facts: SiteFacts): Sheet {
  const { bench, across, down } = sweep;
  const values = axesOf(sweep, facts);
  const read = readPrompt(bench, facts.limits);
  if (read.kind === 'empty') return { kind: 'obstacle', message: 'Write a prompt, or take an example.' };
  if (read.kind === 'wrong') return { kind: 'obstacle', message: 'The prompt needs a look.' };
  if (values.across.kind === 'wrong' || values.down.kind === 'wrong')
    return { kind: 'obstacle', message: 'The values need a look.' };
  if (bench.width * bench.height > facts.limits.areaPixels)
    return { kind: 'obstacle', message: 'The size needs a look.' };
  const columns = values.across.values;
  const places = values.down.values.flatMap((downValue, row) =>
    columns.map((acrossValue, column) => {
      const swept = benchAt(benchAt(bench, down.name, downValue), across.name, acrossValue);
      return { row, column, bench: swept, body: orderBody(facts, settingsOf(swept, read.prompt)) };
    }),
  );
  return { kind: 'sheet', places };
}
