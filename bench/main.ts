/** Runs every measure, one after the other. Started by bench.mjs. What is measured is in README.md. */
import { parseArgs } from 'node:util';
import { sizesOf } from './bundle.ts';
import { coalescing } from './coalescing.ts';
import { orderHits, pictureHits } from './hits.ts';
import { startLoadGenerator } from './load.ts';
import { missOverhead } from './misses.ts';
import { countOperations, operationRows } from './operations.ts';
import { isBroken, type Row, tableOf } from './report.ts';
import { migrate, type Props, prepare, raise, type Stage } from './stage.ts';
import { startUp } from './start-up.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '15' },
    milliseconds: { type: 'string', default: '250' },
    connections: { type: 'string', default: '8' },
  },
});
const effort = {
  repeats: Number(values.repeats),
  milliseconds: Number(values.milliseconds),
  connections: Number(values.connections),
};

const props = await prepare();
const stage = await raise(props);
await migrate(stage, 'service');
const rows = [...(await measure(stage)), ...(await stageless(props))];
if (values.json) console.log(JSON.stringify({ effort, node: process.version, rows }, null, 2));
else console.log(`\n${tableOf(rows)}\n`);
process.exit(rows.some(isBroken) ? 1 : 0);

async function measure(on: Stage): Promise<Row[]> {
  const generator = startLoadGenerator();
  const measured = [
    ...(await told('hits, pictures', () => pictureHits(on, generator, effort))),
    ...(await told('hits, orders', () => orderHits(on, generator, effort))),
    ...(await told('misses', () => missOverhead(on, effort.repeats))),
    ...(await told('coalescing', () => coalescing(on))),
    ...(await told('operations', async () => operationRows(await countOperations(on)))),
  ];
  await generator.stop();
  await on.miniflare.dispose();
  return measured;
}

async function stageless(built: Props): Promise<Row[]> {
  const { script, whole } = sizesOf(built.service);
  const row = { measure: 'bundle', floor: null, ratio: null };
  return [
    ...(await told('start-up', () => startUp(built, Math.min(5, effort.repeats)))),
    { ...row, unit: 'KiB gzipped', ours: script / 1024, aim: { atMost: 250, isPromise: true } },
    { ...row, unit: "KiB gzipped, with the sandbox's fonts and WebAssembly", ours: whole / 1024, aim: null },
  ];
}

/** Says on stderr what is going on, so that stdout has the result alone. */
async function told(name: string, work: () => Promise<Row[]>): Promise<Row[]> {
  process.stderr.write(`measuring ${name} …\n`);
  return await work();
}
