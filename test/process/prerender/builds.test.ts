import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, createServer, type Plugin } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildAll } from '../../../scripts/bundles.mjs';
import { root } from '../../../scripts/root.mjs';
import type { FluxgateIntegration, FluxgateOptions } from '../../../src/cli/prerender/astro-integration.ts';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../local-service.ts';

const DEV_API_KEY = 'fg_dev_for_builds';
const folder = mkdtempSync(join(tmpdir(), 'fluxgate-builds-'));
let [service, site, count] = [null as LocalService | null, '', 0];
let [vite, astro] = [
  null as ((options?: FluxgateOptions) => Plugin) | null,
  null as ((options?: FluxgateOptions) => FluxgateIntegration) | null,
];

beforeAll(async () => {
  await buildAll();
  // As a site has it: by its name.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/fluxgate'));
  const entry = join(folder, 'entry.mjs');
  writeFileSync(
    entry,
    `export { fluxgate as vite } from 'fluxgate/vite'; export { fluxgate as astro } from 'fluxgate/astro';`,
  );
  ({ vite, astro } = await import(pathToFileURL(entry).href));
  const settings = { DEV_API_KEY, SANDBOX_LATENCY_MS: '50' };
  service = await startService({ port: await freePort(), state: freshState(), settings });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await killLeftovers();
});
beforeEach(() => {
  count += 1;
  site = join(folder, `site-${count}`);
  mkdirSync(join(site, 'dist'), { recursive: true });
});

const image = (prompt: string) =>
  `<img data-flux-prompt="${prompt}" width="128" height="64" data-flux-steps="4" alt="">`;
const options = (more: FluxgateOptions = {}) => ({ url: service?.url ?? '', key: DEV_API_KEY, budget: 1, ...more });
const lockPath = () => join(site, 'fluxgate.lock.json');
const built = (path = 'index.html') => readFileSync(join(site, 'dist', path), 'utf8');
const viteBuild = async (more?: FluxgateOptions) =>
  await build({ root: site, configFile: false, logLevel: 'silent', plugins: [vite?.(options(more))] });

describe('the Vite plugin', () => {
  test('puts pictures into what a build wrote, and keeps the lock beside the sources', async () => {
    writeFileSync(join(site, 'index.html'), `<html><body>${image('builds: vite')}</body></html>`);
    await viteBuild({ budget: 1 });
    expect(built()).toMatch(/ src="http:\S+\.webp" srcset="/);
    const lock = readFileSync(lockPath(), 'utf8');
    expect(JSON.parse(lock).pictures).not.toEqual({});
    await viteBuild({ budget: 0, key: 'fg_live_unused' });
    expect([built().includes(' src="http'), readFileSync(lockPath(), 'utf8')]).toEqual([true, lock]);
  });

  test('downloads them into the build', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: inline'));
    await viteBuild({ inline: 'pictures', prefix: '/pictures/' });
    const [, src = ''] = / src="(\/pictures\/[^"]+)"/.exec(built()) ?? [];
    expect(existsSync(join(site, 'dist', src))).toBe(true);
  });

  test('fails the build above its budget', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: budget'));
    await expect(viteBuild({ budget: 0 })).rejects.toThrow('the budget is $0.00: nothing was bought');
    expect(existsSync(lockPath())).toBe(false);
  });

  test('buys nothing without a budget', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: no budget'));
    const { budget: _, ...rest } = options();
    const building = build({ root: site, configFile: false, logLevel: 'silent', plugins: [vite?.(rest)] });
    await expect(building).rejects.toThrow('nothing was bought: give the plugin a budget');
    expect(existsSync(lockPath())).toBe(false);
  });

  test('shows in development what the lock has, and buys nothing', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: served'));
    await viteBuild();
    const lock = readFileSync(lockPath(), 'utf8');
    const html = `${image('builds: served')}${image('builds: not yet')}`;
    const server = await createServer({
      ...{ root: site, configFile: false, logLevel: 'silent' },
      server: { middlewareMode: true },
      plugins: [vite?.(options({ url: 'http://127.0.0.1:1' }))],
    });
    const shown = await server.transformIndexHtml('/index.html', html);
    await server.close();
    expect(shown.match(/ src="http:[^"]+\.webp/g)).toHaveLength(1);
    expect(readFileSync(lockPath(), 'utf8')).toBe(lock);
  });
});

describe('the Astro integration', () => {
  const run = async (more?: FluxgateOptions) => {
    const lines: string[] = [];
    const { hooks } = astro?.(options(more)) ?? {};
    hooks?.['astro:config:done']({ config: { root: pathToFileURL(`${site}/`) } });
    const dir = pathToFileURL(`${join(site, 'dist')}/`);
    await hooks?.['astro:build:done']({ dir, logger: { info: (line) => lines.push(line) } });
    return lines;
  };

  test('puts pictures into what a build wrote, from the hooks that Astro calls', async () => {
    mkdirSync(join(site, 'dist/post'));
    for (const path of ['index.html', 'post/index.html'])
      writeFileSync(join(site, 'dist', path), image('builds: astro'));
    expect(await run({ inline: true })).toEqual([
      expect.stringMatching(/^1 picture to make, for \$0\.\d+$/),
      '1 picture in place, 1 bought',
    ]);
    const [, src = ''] = / src="([^"]+)"/.exec(built('post/index.html')) ?? [];
    expect(existsSync(join(site, 'dist/post', src))).toBe(true);
    expect(await run({ inline: true, budget: 0 })).toEqual(['1 picture in place, 0 bought']);
  });

  test('fails the build where a picture cannot be had', async () => {
    writeFileSync(join(site, 'dist/index.html'), image('builds: sandbox:error'));
    await expect(run()).rejects.toThrow(/^fluxgate: index\.html:1:1 /);
  });
});

test('each is under 100 lines on top of the command', () => {
  for (const name of ['vite-plugin.ts', 'astro-integration.ts'])
    expect(readFileSync(join(root, 'src/cli/prerender', name), 'utf8').split('\n').length).toBeLessThan(100);
});
