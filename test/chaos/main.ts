/** Started by scripts/chaos.mjs: one run of chaos, with its options from the command line. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { listOf, tableOf } from './report.ts';

const help = `npm run chaos -- [options]

  --minutes <n>    how long, 0.1 to 600: 10. Then what was ordered is seen through: a few minutes
  --seed <n>       the schedule; what an earlier run printed repeats it
  --rate <n>       orders a second, up to 200: 6
  --help`;
const options = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  rate: { type: 'string', default: '6' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const values = readOptions();
if (values.help) {
  console.log(help);
  process.exit(0);
}
const [minutes, seed, rate] = [values.minutes, values.seed, values.rate].map(Number) as [number, number, number];
const isSane = minutes >= 0.1 && minutes <= 600 && Number.isInteger(seed) && seed >= 0 && rate > 0 && rate <= 200;
if (!isSane) refuse('Expected --minutes from 0.1 to 600, --seed a whole number, --rate up to 200 orders a second.');

const again = `npm run chaos -- --minutes ${minutes} --rate ${rate} --seed ${seed}`;
console.log(`The same again: ${again}\n`);
const { run } = await import('./run.ts');
const result = await run({ seed, rate, seconds: Math.round(minutes * 60), say: console.log });
console.log(`\n${tableOf(result)}\n`);
if (result.violations.length > 0) {
  console.log(`${listOf(result)}\n\nThe state is in ${result.folder}.\nThe same again: ${again}`);
}
process.exit(result.violations.length > 0 ? 1 : 0);

function readOptions() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(message: string): never {
  console.error(`${message}\n\n${help}`);
  process.exit(2);
}
