import { sizesOf } from './bundle.ts';
import { coalescing, inFlight } from './coalescing.ts';
import type { Effort } from './compare.ts';
import { costRows } from './costs.ts';
import { orderHits, pictureHits } from './hits.ts';
import { ledgerTimes } from './ledger.ts';
import { type LoadGenerator, startLoadGenerator } from './load.ts';
import { missOverhead } from './misses.ts';
import { countOperations, operationRows } from './operations.ts';
import type { PartName } from './part-names.ts';
import { computingRates } from './rates.ts';
import { refusals } from './refusals.ts';
import type { Row } from './report.ts';
import { migrate, type Props, type Role, raise, type Stage } from './stage.ts';
import { startUp, startUpCpu } from './start-up.ts';
import { startVendor, type Vendor } from './vendor.ts';

type Part = (props: Props, effort: Effort) => Promise<Row[]>;

/** Every part of the bench, by the name that `--only` takes. Each has a stage of its own. */
export const parts: Readonly<Record<PartName, Part>> = {
  'hit-bytes': onStage(['service', 'floor'], (stage, effort) => loaded((load) => pictureHits(stage, load, effort))),
  'hit-orders': onStage(['service', 'floor'], (stage, effort) => loaded((load) => orderHits(stage, load, effort))),
  refusals: onStage(['service'], (stage, effort) => loaded((load) => refusals(stage, load, effort))),
  miss: buying(['vendor', 'floor'], (stage, vendor, effort) => missOverhead(stage, vendor, 8 * effort.repeats)),
  coalescing: buying(['vendor'], coalescing),
  'in-flight': buying(['vendor'], inFlight),
  operations: buying(['counting'], async (stage) => {
    const counted = await countOperations(stage);
    return [...operationRows(counted), ...costRows(counted)];
  }),
  rates: onStage(['counting'], (stage, { repeats }) => computingRates(stage, repeats)),
  ledger: onStage(['service', 'counting'], (stage, { repeats }) => ledgerTimes(stage, repeats)),
  'start-up': async (props, { repeats }) => [...(await startUp(props, Math.min(5, repeats))), ...(await startUpCpu())],
  bundle: async (props) => bundleRows(props),
};

function onStage(wanted: readonly Role[], work: (stage: Stage, effort: Effort) => Promise<Row[]>): Part {
  return async (props, effort) => {
    const stage = await raise(props, wanted);
    return await played(stage, wanted, () => work(stage, effort));
  };
}

function buying(wanted: readonly Role[], work: (stage: Stage, vendor: Vendor, effort: Effort) => Promise<Row[]>): Part {
  return async (props, effort) => {
    const vendor = await startVendor();
    try {
      const stage = await raise(props, wanted, vendor);
      return await played(stage, wanted, () => work(stage, vendor, effort));
    } finally {
      await vendor.stop();
    }
  };
}

async function played(stage: Stage, [first = 'service']: readonly Role[], work: () => Promise<Row[]>): Promise<Row[]> {
  try {
    await migrate(stage, first);
    return await work();
  } finally {
    await stage.miniflare.dispose();
  }
}

async function loaded(work: (load: LoadGenerator) => Promise<Row[]>): Promise<Row[]> {
  const generator = startLoadGenerator();
  try {
    return await work(generator);
  } finally {
    await generator.stop();
  }
}

function bundleRows({ service }: Props): Row[] {
  const { script, whole } = sizesOf(service);
  const row = { measure: 'bundle', floor: null, ratio: null };
  return [
    { ...row, unit: 'KiB gzipped', ours: script / 1024, aim: { atMost: 250, isPromise: true } },
    { ...row, unit: "KiB gzipped, with the sandbox's fonts and WebAssembly", ours: whole / 1024, aim: null },
  ];
}
