import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modulesIn } from '../../bench/bundle.ts';
import { builtWorker } from '../../scripts/built-worker.mjs';
import { build as bundle } from '../../scripts/bundles.mjs';
import { freePort } from '../process/local-service.ts';
import { settingsFor, simulators } from '../vendors/all.ts';
import { type RunningSimulator, startSimulator } from '../vendors/serve.ts';
import { accountIds, hitPriceMicros } from './accounts.ts';
import { deadUrlsOf, quoteAll, reconcile, standingOf, untilFree, untilStill, untilTold } from './aftermath.ts';
import { configuredWorker, migrate } from './configured.ts';
import type { Evidence, Violation } from './evidence.ts';
import { examine } from './examine.ts';
import { untilAllEnded } from './follow.ts';
import { Front } from './front.ts';
import { judge } from './judge.ts';
import { type LinkKey, openAccounts } from './open-accounts.ts';
import { perform } from './perform.ts';
import { type Plan, type PlannedOrder, planOf } from './plan.ts';
import { randomOf } from './random.ts';
import { readLog } from './read-log.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { KillableService } from './service.ts';
import { Witness } from './witness.ts';
import { type Setting, withState } from './worker.ts';

export interface RunOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Orders a second. */
  readonly rate: number;
  readonly say: (line: string) => void;
}
export interface RunResult {
  readonly evidence: Evidence;
  readonly violations: readonly Violation[];
  readonly kills: number;
  /** Where the state is left, for looking at; null: nothing was wrong, and it is gone. */
  readonly folder: string | null;
}

const adminToken = 'an-admin-token-for-chaos-only-0123456789';
/** What is given to tasks to end once nothing fails any more: renders have 30 seconds, pictures some tries. */
const endsWithinMs = 120_000;
/** For so long isolates set aside money for hits, and a little longer. */
const heldForHitsMs = 65_000;

/** A whole run: load, failures and kills, then peace, and then the books. */
export async function run({ seed, seconds, rate, say }: RunOptions): Promise<RunResult> {
  const plan = planOf({ seed, seconds, rate, vendors: simulators.map(({ id }) => id) });
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-chaos-'));
  say(`State and log: ${folder}`);
  const vendors = await Promise.all(simulators.map((simulator) => startSimulator(simulator)));
  const receiver = await startReceiver(randomOf(seed, 'receiver'));
  const setting = await settingOf(folder, vendors, receiver);
  const service = new KillableService(setting, folder);
  try {
    await withState(setting, migrate);
    await service.start();
    const front = new Front(service, new Witness(), adminToken);
    const evidence = await play({ plan, front, vendors, receiver, setting, say });
    const violations = judge(evidence);
    const isClean = violations.length === 0;
    if (isClean) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return { evidence, violations, kills: service.kills, folder: isClean ? null : folder };
  } finally {
    await service.stop();
    await receiver.close();
    await Promise.all(vendors.map((vendor) => vendor.close()));
  }
}

interface Stage {
  readonly plan: Plan;
  readonly front: Front;
  readonly vendors: readonly RunningSimulator[];
  readonly receiver: Receiver;
  readonly setting: Setting;
  readonly say: (line: string) => void;
}

async function play({ plan: whole, front, vendors, receiver, setting, say }: Stage): Promise<Evidence> {
  const { witness, service } = front;
  const startDay = utcDay();
  const linkKey = await openAccounts(front);
  const signLink = await linkSigner(service.url, linkKey);
  const plan = await perform({ plan: whole, vendors, say, load: { front, webhookOrigin: receiver.origin, signLink } });
  say('The load is over: nothing fails any more, and every task has to end.');
  await untilAllEnded(front, endsWithinMs);
  await untilStill(front, endsWithinMs);
  await Promise.all([untilTold(front, receiver, 60_000), untilFree(front, heldForHitsMs)]);
  await service.keepHouse();
  say('Comparing the books.');
  await quoteAll(front, plan);
  const deadUrls = await deadUrlsOf(front);
  const { differences } = await reconcile(front);
  const standings = await Promise.all(accountIds.map((account) => standingOf(front, account)));
  await service.stop();
  const holdings = await withState(setting, examine);
  const sales = vendors.flatMap(({ simulator, shop }) =>
    [...shop.sales.values()].map((sale) => ({ ...sale, vendor: simulator.id })),
  );
  return {
    log: await readLog(service.logPath, setting.variables, front.sent),
    ...{
      plan,
      plannedOrders: whole.orders.length,
      witness,
      outages: service.outages,
      sales,
      ...holdings,
      standings,
      differences,
      deadUrls,
    },
    webhooks: receiver.taken,
    isOneDay: startDay === utcDay(),
  };
}

const utcDay = () => new Date().toISOString().slice(0, 10);

async function settingOf(folder: string, vendors: readonly RunningSimulator[], receiver: Receiver): Promise<Setting> {
  const state = join(folder, 'state');
  mkdirSync(state);
  const keys = Object.assign({}, ...vendors.map(({ simulator, url }) => settingsFor(simulator, url)));
  const variables = {
    ...keys,
    ADMIN_TOKEN: adminToken,
    SIGNING_SECRET: 'a signing secret for chaos only',
    TRUSTED_ORIGINS: receiver.origin,
    RENDER_DEADLINE_SECONDS: '30',
    WAIT_SECONDS: '15',
    LOG_REQUESTS: 'all',
    HIT_PRICE_MICROS: String(hitPriceMicros),
  };
  // One of its own: what is built next takes the place of what was built before.
  const worker = join(folder, 'worker');
  cpSync(await builtWorker(), worker, { recursive: true });
  return {
    configured: configuredWorker(),
    modules: modulesIn(worker),
    port: await freePort(),
    state,
    variables,
  };
}

/** By the client, as a site's author signs them. */
async function linkSigner(baseUrl: string, { id, key }: LinkKey): Promise<(order: PlannedOrder) => Promise<string>> {
  const { createClient } = await import(pathToFileURL(await bundle('client.js')).href);
  const client = createClient({ baseUrl, key });
  return async ({ picture: { prompt, seed, width, height } }) => {
    const parameters = { steps: 30, guidance: 5, promptUpsampling: true, safetyTolerance: 2, format: 'webp' };
    const url: string = await client.signedUrl(
      { prompt, seed, width, height, ...parameters },
      { keyId: id, secret: key },
    );
    return url;
  };
}
