import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, createServer, type Plugin } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildAll } from '../../../scripts/bundles.mjs';
import { root, tool } from '../../../scripts/root.mjs';
import type { FluxgateIntegration, FluxgateOptions } from '../../../src/cli/prerender/astro-integration.ts';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../local-service.ts';
import { installPackage } from '../support/installed-package.ts';

const DEV_API_KEY = 'fg_dev_for_builds';
const folder = mkdtempSync(join(tmpdir(), 'fluxgate-builds-'));
const run = promisify(execFile);
let [service, site, installed, count] = [null as LocalService | null, '', '', 0];
let [vite, astro] = [
  null as ((options?: FluxgateOptions) => Plugin) | null,
  null as ((options?: FluxgateOptions) => FluxgateIntegration) | null,
];

beforeAll(async () => {
  await buildAll();
  installed = installPackage(folder);
  symlinkSync(join(root, 'node_modules/vite'), join(folder, 'node_modules/vite'));
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
  const inItsOwnProcess = async (words: readonly string[]) => {
    const env = { ...process.env, FLUXGATE_URL: service?.url, FLUXGATE_KEY: DEV_API_KEY, NO_COLOR: '1' };
    return await run(tool('node'), words, { cwd: site, env });
  };
  const viteItself = async (budget: number) => {
    const plugin = `import { fluxgate } from 'fluxgate/vite';\nexport default { plugins: [fluxgate({ budget: ${budget} })],`;
    writeFileSync(
      join(site, 'vite.config.ts'),
      `${plugin} build: { rolldownOptions: { input: ['index.html', 'two.html'] } } };`,
    );
    return await inItsOwnProcess([join(root, 'node_modules/vite/bin/vite.js'), 'build']);
  };

  test('is found by vite itself in a site that has the package, buys once, and stops above its budget', async () => {
    writeFileSync(join(site, 'package.json'), '{ "type": "module" }');
    const element = '<flux-image prompt="builds: element" width="256" height="144" steps="4" alt="Two"></flux-image>';
    writeFileSync(join(site, 'index.html'), `<html lang="en"><body>${image('builds: itself')}${element}</body></html>`);
    writeFileSync(join(site, 'two.html'), `<html lang="en"><body>${image('builds: itself')}</body></html>`);
    expect((await viteItself(1)).stdout).toContain('fluxgate: 2 pictures in place, 2 bought');
    const pages = [built(), built('two.html')];
    expect(pages.map((page) => page.match(/ src="http:[^"]+\.webp[^"]*" srcset="/g)?.length)).toEqual([2, 1]);
    expect(pages[0]).toMatch(
      /<flux-image [^>]*thumbhash="[^>]+><img [^>]*width="256" height="144"[^>]*><\/flux-image>/,
    );
    const lock = readFileSync(lockPath(), 'utf8');
    expect((await viteItself(0)).stdout).toContain('fluxgate: 2 pictures in place, 0 bought');
    expect([built(), built('two.html'), readFileSync(lockPath(), 'utf8')]).toEqual([...pages, lock]);
    writeFileSync(join(site, 'two.html'), image('builds: one more'));
    const stopped = { code: 1, stderr: expect.stringMatching(/and the budget is \$0\.00: nothing was bought\./) };
    await expect(viteItself(0)).rejects.toMatchObject(stopped);
    expect(readFileSync(lockPath(), 'utf8')).toBe(lock);
  });

  test('comes with the command, which needs no more than the package', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: by command'));
    const command = join(installed, 'scripts/fluxgate.mjs');
    const { stdout } = await inItsOwnProcess([command, 'prerender', site, '--yes']);
    expect(stdout).toContain('1 picture in 1 page: 1 bought');
    const { stdout: checked } = await inItsOwnProcess([command, 'prerender', site, '--check']);
    expect(checked).toContain('1 picture: all are as in the lock.');
  });

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
  const callHooks = async (more?: FluxgateOptions) => {
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
    expect(await callHooks({ inline: true })).toEqual([
      expect.stringMatching(/^1 picture to make, for \$0\.\d+$/),
      '1 picture in place, 1 bought',
    ]);
    const [, src = ''] = / src="([^"]+)"/.exec(built('post/index.html')) ?? [];
    expect(existsSync(join(site, 'dist/post', src))).toBe(true);
    expect(await callHooks({ inline: true, budget: 0 })).toEqual(['1 picture in place, 0 bought']);
  });

  test('finds the pictures of pages as Astro 7 writes them, from its own components, Markdown and MDX', async () => {
    const markdown = `<h1 id="one">One</h1>\n<p>Of <code>&lt;img data-flux-prompt="in code"&gt;</code></p>\n${image('builds: md')}`;
    const code = `<pre class="astro-code"><code><span class="line">&lt;flux-image</span><span> prompt</span>="code"</code></pre>`;
    const element = '<flux-image prompt="builds: mdx" width="128" height="64" steps="4" alt="Two"></flux-image>';
    const written = {
      'index.html': `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>${image('builds: component')}</body></html>`,
      'one.html': `<!DOCTYPE html><meta charset="utf-8">${markdown}\n${code}`,
      'two.html': `<!DOCTYPE html><meta charset="utf-8"/><h1 id="two">Two</h1>\n\n\n${element}\n${image('builds: md').replace('>', '/>')}`,
    };
    for (const [path, page] of Object.entries(written)) writeFileSync(join(site, 'dist', path), page);
    expect((await callHooks()).at(-1)).toBe('3 pictures in place, 3 bought');
    expect(Object.keys(written).map((path) => built(path).match(/ src="http:/g)?.length)).toEqual([1, 1, 2]);
    expect(built('one.html')).toContain(code);
  });

  test('fails the build where a picture cannot be had', async () => {
    writeFileSync(join(site, 'dist/index.html'), image('builds: sandbox:error'));
    await expect(callHooks()).rejects.toThrow(/^fluxgate: index\.html:1:1 /);
  });
});

test('each is under 100 lines on top of the command', () => {
  for (const name of ['vite-plugin.ts', 'astro-integration.ts'])
    expect(readFileSync(join(root, 'src/cli/prerender', name), 'utf8').split('\n').length).toBeLessThan(100);
});
