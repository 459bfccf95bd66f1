/** Runs the parts of the bench, one after the other. Started by bench.mjs. What is measured is in README.md. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { readFlags } from './flags.ts';
import { type PartName, partNames } from './part-names.ts';
import { isBroken, type Row, tableOf } from './report.ts';

const reading = readFlags(process.argv.slice(2), partNames);
if ('words' in reading) {
  (reading.exitCode === 0 ? process.stdout : process.stderr).write(`${reading.words}\n`);
  process.exit(reading.exitCode);
}
const { effort, json } = reading.flags;
const names = partNames.filter((name) => reading.flags.names.includes(name));

const machine = { loadBefore: loadavg()[0] ?? 0, node: process.version };
const [{ prepare }, { parts }] = await Promise.all([import('./stage.ts'), import('./parts.ts')]);
const props = await prepare();
const rows: Row[] = [];
let failures = 0;
for (const name of names) {
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await parts[name](props, effort).catch((thrown: unknown) => failed(name, thrown))));
}
const result = { effort, machine: { ...machine, loadAfter: loadavg()[0] ?? 0 }, parts: names, rows };
const { loadBefore, loadAfter } = result.machine;
console.log(
  `\n${tableOf(rows)}\n\nLoad of the machine: ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after.`,
);
if (json !== null) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
process.exit(failures > 0 || rows.some(isBroken) ? 1 : 0);

/** What was measured before is not lost by it. */
function failed(name: PartName, thrown: unknown): readonly Row[] {
  failures += 1;
  process.stderr.write(`${name} failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  return [];
}
