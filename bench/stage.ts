import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from 'wrangler';
import { root } from '../scripts/root.mjs';
import { type BuiltModule, build } from './bundle.ts';
import type { Vendor } from './vendor.ts';

/**
 * The Workers on stage. They share one bucket and one ledger, and each has Durable Objects of its own. `vendor` is the
 * service that buys from the simulated vendor, and `counting` counts what Cloudflare would bill.
 */
export const roles = ['service', 'vendor', 'counting', 'floor'] as const;
export type Role = (typeof roles)[number];

/** What the roles are played with: built, not running. */
export interface Props {
  readonly service: readonly BuiltModule[];
  readonly counting: readonly BuiltModule[];
  readonly floor: string;
}

export interface Stage {
  /** Where each Worker answers on its direct socket, without a slash at the end. */
  readonly urls: Readonly<Record<Role, string>>;
  readonly miniflare: Miniflare;
}

/** The key that all the services take. */
export const key = 'fg_bench';

/** Where the service buys, and what it buys with. */
export type Seller = Pick<Vendor, 'url' | 'key'>;

/** Builds what the roles need, into a folder that goes with this process. */
export async function prepare(wanted: readonly Role[] = roles): Promise<Props> {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const needsService = wanted.includes('service') || wanted.includes('vendor');
  const source = readFileSync(join(root, 'bench/workers/floor.ts'), 'utf8');
  return {
    service: needsService ? await build(join(folder, 'service')) : [],
    counting: wanted.includes('counting') ? await build(join(folder, 'counting'), 'bench/workers/counting.ts') : [],
    floor: transformSync(source, { loader: 'ts', target: 'es2024' }).code,
  };
}

/**
 * Starts the Workers in one workerd: no assets, no `Request.cf`, nothing of `wrangler dev`.
 * @param seller where `vendor` and `counting` buy; the sandbox where absent
 */
export async function raise(props: Props, wanted: readonly Role[] = roles, seller?: Seller): Promise<Stage> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      log: new Log(LogLevel.ERROR),
      // The service writes a line for each request, as deployed: it is not shown.
      handleStructuredLogs: () => undefined,
      workers: wanted.map((role) => workerOptions(role, props, seller)),
    }),
  );
  await miniflare.ready;
  const urls = await Promise.all(
    wanted.map(async (role) => [role, (await miniflare.unsafeGetDirectURL(role)).origin] as const),
  );
  return { miniflare, urls: { service: '', vendor: '', counting: '', floor: '', ...Object.fromEntries(urls) } };
}

/** Brings the ledger up to date, as a deployment does before it. */
export async function migrate({ miniflare }: Stage, role: Role): Promise<void> {
  const ledger = await miniflare.getD1Database('LEDGER', role);
  const folder = join(root, 'migrations');
  for (const name of readdirSync(folder).toSorted()) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), 'utf8'));
    await ledger.batch(statements.map((statement) => ledger.prepare(statement)));
  }
}

function workerOptions(role: Role, props: Props, seller: Seller | undefined): V4WorkerOptions {
  const { assets: _, ...configured } = configuration();
  const { compatibilityDate = '', compatibilityFlags = [], r2Buckets = {} } = configured;
  const socket = { name: role, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] };
  if (role === 'floor') {
    return { ...socket, compatibilityDate, compatibilityFlags, r2Buckets, modules: true, script: props.floor };
  }
  const modules = role === 'counting' ? props.counting : props.service;
  const purchasing = role === 'service' || seller === undefined ? {} : purchasingFrom(seller);
  return { ...configured, ...socket, ...scriptOf(modules), bindings: { ...settings, ...purchasing } };
}

/** As deployed, without static assets: Miniflare's stand-in for their router takes longer than a hit. */
const configuration = (): V4WorkerOptionsShape =>
  unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml')).workerOptions;

const scriptOf = (modules: readonly BuiltModule[]) => ({
  modules: [...modules],
  modulesRoot: dirname(modules[0]?.path ?? ''),
});

/** Instead of what a developer has in `.dev.vars`. */
const settings = {
  DEV_API_KEY: key,
  SIGNING_SECRET: 'a signing secret for benches only',
  SANDBOX_LATENCY_MS: '0',
};

const purchasingFrom = ({ url, key: vendorKey }: Seller) => ({
  PROVIDERS: 'aigateway',
  AIGATEWAY_BASE_URL: `${url}/v1`,
  AIGATEWAY_API_KEY: vendorKey,
});
