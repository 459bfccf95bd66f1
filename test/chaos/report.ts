import type { DoneAct } from './acts.ts';
import { billed, billOf, soldAgain, spentOf } from './judge-purchases.ts';
import type { RunResult } from './run.ts';

/** What a run came to, as a table of two columns. */
export function tableOf({ evidence, kills, violations }: RunResult): string {
  const { plan, plannedOrders, witness, sales, rows, files, outages } = evidence;
  const tasks = [...witness.tasks.values()];
  const unknown = rows.filter(({ outcome }) => outcome === 'unknown');
  const failing = witness.notes.filter(({ status }) => (status ?? 0) >= 500);
  const counts: readonly (readonly [string, string | number])[] = [
    ['seed', plan.seed],
    ['load', `${plan.seconds} s, ${plan.troubles.length} troubles`],
    ['orders placed in that time, of those planned', `${plan.orders.length} of ${plannedOrders}`],
    ['requests', witness.notes.length],
    ['connections lost or hung up', witness.notes.filter(({ status }) => status === null).length],
    [
      'kills, and seconds without service',
      `${kills}, ${Math.round(outages.reduce((sum, { from, to }) => sum + to - from, 0) / 1000)}`,
    ],
    [
      'answers of 5xx, all deliberate unless listed',
      `${failing.length} ${told(failing.map(({ code }) => code ?? 'none'))}`,
    ],
    ['tasks accepted', `${tasks.length} ${told(tasks.map(({ end }) => end?.status ?? 'open'))}`],
    ['pictures asked for', new Set(plan.orders.map(({ picture }) => picture.index)).size],
    ['purchases', `${rows.length} ${told(rows.map(({ outcome }) => outcome))}`],
    [
      'sold by vendors, billed',
      `${sales.length}, ${billed(sales).length} ${told(billed(sales).map(({ vendor }) => vendor))}`,
    ],
    ['pictures billed again for a new order, after an end without one', soldAgain(evidence)],
    ['deleted, made again by the operator', `${count(witness.acts, 'purge')}, ${count(witness.acts, 'rerender')}`],
    ['bill', billOf(sales)],
    ['ledger', `${spentOf(rows)}, of it unknown ${spentOf(unknown)}`],
    [
      'pictures and renditions stored',
      `${files.filter(({ isMaster }) => isMaster).length}, ${files.filter(({ isMaster }) => !isMaster).length}`,
    ],
    [
      'set aside by tasks that never began',
      evidence.standings.reduce((sum, { orphanedMicros }) => sum + orphanedMicros, 0),
    ],
    ['webhooks', evidence.webhooks.size],
    ['violations', violations.length],
  ];
  const width = Math.max(...counts.map(([name]) => name.length));
  return counts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** The violations, each rule's first few. */
export function listOf({ violations }: RunResult): string {
  const byRule = Map.groupBy(violations, ({ rule }) => rule);
  return [...byRule]
    .flatMap(([rule, found]) => [
      `${rule} (${found.length}):`,
      ...found.slice(0, 20).map(({ subject, message }) => `  ${subject}: ${message}`),
    ])
    .join('\n');
}

const count = (acts: readonly DoneAct[], kind: DoneAct['kind']) => acts.filter((act) => act.kind === kind).length;

/** How often each name is among them: "(ready 5, failed 2)". */
function told(names: readonly string[]): string {
  const counted = [...Map.groupBy(names, (name) => name)].toSorted((a, b) => b[1].length - a[1].length);
  return names.length === 0 ? '' : `(${counted.map(([name, found]) => `${name} ${found.length}`).join(', ')})`;
}
