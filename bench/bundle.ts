import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { localEnvironment } from '../scripts/environment.mjs';
import { run } from '../scripts/guarded.mjs';
import { tool } from '../scripts/root.mjs';

/** A module of a built Worker, as Miniflare takes it. */
export interface BuiltModule {
  readonly type: 'ESModule' | 'Data' | 'CompiledWasm';
  readonly path: string;
}

const moduleTypes: Readonly<Record<string, BuiltModule['type']>> = { ttf: 'Data', wasm: 'CompiledWasm' };

/**
 * Builds as a deployment does.
 *
 * @param entry the Worker's source; wrangler.toml's own where absent
 * @returns its modules, the entry first
 */
export async function build(folder: string, entry?: string): Promise<readonly BuiltModule[]> {
  const command = ['deploy', ...(entry === undefined ? [] : [entry]), '--dry-run', '--outdir', folder];
  const { code, output } = await run([tool('wrangler'), ...command], { env: localEnvironment() });
  if (code !== 0) throw new Error(`The Worker cannot be built:\n${output}`);
  return modulesIn(folder);
}

/** The modules of a built Worker, the entry first. */
export function modulesIn(folder: string): readonly BuiltModule[] {
  const files = readdirSync(folder);
  const script = files.filter((name) => name.endsWith('.js'));
  const others = files.filter((name) => moduleTypes[extensionOf(name)] !== undefined);
  return [...script, ...others].map((name) => ({
    type: moduleTypes[extensionOf(name)] ?? 'ESModule',
    path: join(folder, name),
  }));
}

/** Sizes in bytes, gzipped. */
export interface BundleSizes {
  /** The Worker's JavaScript. */
  readonly script: number;
  /** The sandbox's fonts and rasteriser too. */
  readonly whole: number;
}

export function sizesOf(modules: readonly BuiltModule[]): BundleSizes {
  const sizes = modules.map(({ type, path }) => ({ type, size: gzipSync(readFileSync(path), { level: 9 }).length }));
  const sum = (some: typeof sizes) => some.reduce((total, { size }) => total + size, 0);
  return { script: sum(sizes.filter(({ type }) => type === 'ESModule')), whole: sum(sizes) };
}

const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
