/** Runs the parts of the bench, one after the other. Started by bench.mjs. What is measured is in README.md. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type PartName, parts } from './parts.ts';
import { isBroken, type Row, tableOf } from './report.ts';
import { prepare } from './stage.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    ledger: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    json: { type: 'string' },
    repeats: { type: 'string' },
    milliseconds: { type: 'string' },
    connections: { type: 'string', default: '8' },
  },
});
const names = wantedParts();
const effort = {
  repeats: Math.max(5, Number(values.repeats ?? (values.full ? 15 : 5))),
  milliseconds: Number(values.milliseconds ?? (values.full ? 500 : 250)),
  connections: Number(values.connections),
};

const machine = { loadBefore: loadavg()[0] ?? 0, node: process.version };
const props = await prepare();
const rows: Row[] = [];
let failures = 0;
for (const name of names) {
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await parts[name](props, effort).catch((thrown: unknown) => failed(name, thrown))));
}
const result = { effort, machine: { ...machine, loadAfter: loadavg()[0] ?? 0 }, parts: names, rows };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
const { loadBefore, loadAfter } = result.machine;
console.log(
  `\n${tableOf(rows)}\n\nLoad of the machine: ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after.`,
);
process.exit(failures > 0 || rows.some(isBroken) ? 1 : 0);

/** What was measured before is not lost by it. */
function failed(name: PartName, thrown: unknown): readonly Row[] {
  failures += 1;
  process.stderr.write(`${name} failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  return [];
}

/** All but the ledger of a million, which takes minutes, unless it is asked for. */
function wantedParts(): PartName[] {
  const all = Object.keys(parts) as PartName[];
  if (values.only === undefined) return all.filter((name) => name !== 'ledger' || values.ledger || values.full);
  const wanted = values.only.split(',').map((name) => all.find((known) => known === name.trim()) ?? unknown(name, all));
  return values.ledger && !wanted.includes('ledger') ? [...wanted, 'ledger'] : wanted;
}

function unknown(name: string, all: readonly string[]): never {
  process.stderr.write(`There is no part "${name}". --only takes a list of ${all.join(', ')}.\n`);
  process.exit(2);
}
