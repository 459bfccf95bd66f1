import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, createServer, type Plugin } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { buildAll } from '../../../scripts/bundles.mjs';
import { root, tool } from '../../../scripts/root.mjs';
import type { FluxgateIntegration, FluxgateOptions } from '../../../src/cli/prerender/astro-integration.ts';
import { installPackage } from '../support/installed-package.ts';
import { type SharedService, sharedService } from '../support/use-shared-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-builds-'));
const run = promisify(execFile);
let [site, installed, count] = ['', '', 0];
let service: SharedService;
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
  service = await sharedService();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  count += 1;
  site = join(folder, `site-${count}`);
  mkdirSync(join(site, 'dist'), { recursive: true });
});

/** The service by an address of its own, at which it can be away. */
async function startGateway() {
  const gateway = { url: '', asked: 0, isAway: false, close: () => undefined as unknown };
  const server = await listening((asking, answering) => {
    gateway.asked += 1;
    if (gateway.isAway) return void asking.destroy();
    const { url: path = '', method, headers } = asking;
    const forwarded = request(new URL(path, service.url), { method, headers }, (answer) => {
      answering.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(answering);
    });
    asking.pipe(forwarded);
  });
  gateway.url = addressOf(server);
  gateway.close = () => server.close();
  onTestFinished(() => void gateway.close());
  return gateway;
}

async function listening(answer: RequestListener): Promise<Server> {
  const server = createHttpServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const image = (prompt: string) =>
  `<img data-flux-prompt="${prompt}" width="128" height="64" data-flux-steps="4" alt="">`;
const options = (more: FluxgateOptions = {}) => ({ url: service.url, key: service.key, budget: 1, ...more });
const lockPath = () => join(site, 'fluxgate.lock.json');
const built = (path = 'index.html') => readFileSync(join(site, 'dist', path), 'utf8');
const viteBuild = async (more?: FluxgateOptions, base = '/') =>
  await build({ root: site, base, configFile: false, logLevel: 'silent', plugins: [vite?.(options(more))] });

describe('the Vite plugin', () => {
  const inItsOwnProcess = async (words: readonly string[]) => {
    const env = { ...process.env, FLUXGATE_URL: service.url, FLUXGATE_KEY: service.key, NO_COLOR: '1' };
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

  test('asks nobody for the downloads of an earlier build, though the build empties its folder', async () => {
    const gateway = await startGateway();
    const buildAt = async () => await viteBuild({ inline: true, url: gateway.url });
    writeFileSync(join(site, 'index.html'), image('builds: kept'));
    await buildAt();
    const [page, lock] = [built(), readFileSync(lockPath(), 'utf8')];
    const [, src = ''] = / src="(\/images\/[^"]+)"/.exec(page) ?? [];
    Object.assign(gateway, { asked: 0, isAway: true });
    await buildAt();
    expect([gateway.asked, built(), readFileSync(lockPath(), 'utf8')]).toEqual([0, page, lock]);
    expect(existsSync(join(site, 'dist', src))).toBe(true);
    // What is not as it was kept is not used.
    const kept = join(site, 'node_modules/.cache/fluxgate');
    for (const name of readdirSync(kept)) writeFileSync(join(kept, name), 'drawn over');
    await expect(buildAt()).rejects.toThrow(/cannot be reached.*FLUXGATE_URL.*node_modules\/\.cache\/fluxgate/s);
    gateway.isAway = false;
    await buildAt();
    gateway.isAway = true;
    await buildAt();
    expect(built()).toBe(page);
  });

  test('keeps downloads where it is told to, such as beside the lock', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: kept beside'));
    await viteBuild({ inline: true, cache: 'pictures' });
    expect(readdirSync(join(site, 'pictures'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(existsSync(join(site, 'node_modules'))).toBe(false);
  });

  test('says how a picture that is gone comes back, and does that', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: purged'));
    await viteBuild({ inline: true });
    const page = built();
    rmSync(join(site, 'node_modules'), { recursive: true });
    const [fingerprint] = Object.keys(JSON.parse(readFileSync(lockPath(), 'utf8')).pictures);
    const purged = await fetch(`${service.url}/v1/admin/pictures/${fingerprint}`, {
      ...{ method: 'DELETE', headers: { authorization: `Bearer ${service.key}` } },
    });
    expect(purged.ok).toBe(true);
    await expect(viteBuild({ inline: true })).rejects.toThrow(/is not stored any more: .*`online: true`/);
    await viteBuild({ inline: true, online: true });
    expect(built()).toBe(page);
  });

  test('names downloads below the base, and beside each page where that is relative', async () => {
    writeFileSync(join(site, 'index.html'), image('builds: base'));
    const srcWith = async (base: string) => {
      await viteBuild({ inline: 'pics/new ones' }, base);
      return / src="([^"]+)"/.exec(built())?.[1];
    };
    expect(await srcWith('/blog/')).toMatch(/^\/blog\/pics\/new%20ones\/builds-base-/);
    expect(await srcWith('https://cdn.example.com/x/')).toMatch(/^https:\/\/cdn\.example\.com\/x\/pics\/new%20ones\/b/);
    expect(await srcWith('./')).toMatch(/^pics\/new%20ones\/builds-base-/);
  });

  test('says of a build that failed what it cost, and what it bought', async () => {
    const pages = ['builds: bought one', 'builds: bought two', 'builds: sandbox:moderated-output'];
    writeFileSync(join(site, 'index.html'), pages.map(image).join(''));
    const failed =
      /It cost \$(0\.\d+) all the same\.\n2 bought for \$0\.\d+, 1 failed, which cost \$\1 .*not bought again\./s;
    await expect(viteBuild()).rejects.toThrow(failed);
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
  const callHooks = async (more?: FluxgateOptions, base = '/') => {
    const lines: string[] = [];
    const { hooks } = astro?.(options(more)) ?? {};
    hooks?.['astro:config:done']({ config: { root: pathToFileURL(`${site}/`), base } });
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
    const [, src = ''] = / src="(\/images\/[^"]+)"/.exec(built('post/index.html')) ?? [];
    expect(existsSync(join(site, 'dist', src))).toBe(true);
    expect(await callHooks({ inline: true, budget: 0 })).toEqual(['1 picture in place, 0 bought']);
  });

  test('names downloads below the base: a page may be asked for without its slash, and 404.html at any depth', async () => {
    mkdirSync(join(site, 'dist/sub/post'), { recursive: true });
    const pages = ['index.html', '404.html', 'sub/post/index.html'];
    for (const path of pages) writeFileSync(join(site, 'dist', path), image('builds: below'));
    await callHooks({ inline: true }, '/blog');
    for (const path of pages) expect(built(path)).toMatch(/ src="\/blog\/images\/[^"]+" srcset="\/blog\/images\//);
  });

  test('shows in development what the lock has, and nothing else is touched', async () => {
    writeFileSync(join(site, 'dist/index.html'), image('builds: in development'));
    await callHooks();
    const { hooks } = astro?.(options({ url: 'http://127.0.0.1:1' })) ?? {};
    hooks?.['astro:config:done']({ config: { root: pathToFileURL(`${site}/`), base: '/' } });
    type Handler = (asking: IncomingMessage, answering: ServerResponse, next: () => void) => void;
    const [handlers, logged] = [[] as Handler[], [] as string[]];
    const middlewares = { use: (handler: Handler) => handlers.push(handler) };
    hooks?.['astro:server:setup']({ server: { middlewares }, logger: { info: (line) => logged.push(line) } });
    const html = `<p>Ä</p>${image('builds: in development')}${image('builds: not there')}`;
    const server = await listening((asking, answering) =>
      handlers[0]?.(asking, answering, () => {
        if (asking.url === '/broken') return void answering.writeHead(500, 'Incomplete request').end();
        const type = asking.url === '/page' ? 'text/html' : 'text/plain';
        answering.writeHead(201, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(html), 'x-own': 'kept' });
        const bytes = Buffer.from(html);
        // A letter in two parts.
        for (const part of [bytes.subarray(0, 4), bytes.subarray(4)]) answering.write(part);
        answering.end();
      }),
    );
    onTestFinished(() => void server.close());
    const page = await fetch(`${addressOf(server)}/page`);
    expect([page.status, page.headers.get('x-own')]).toEqual([201, 'kept']);
    const shown = await page.text();
    expect(shown).toMatch(/^<p>Ä<\/p><img [^>]* src="http:[^"]+\.webp" srcset/);
    expect(shown.match(/ src="/g)).toHaveLength(1);
    expect(await (await fetch(`${addressOf(server)}/text`)).text()).toBe(html);
    const broken = await fetch(`${addressOf(server)}/broken`);
    expect([broken.status, broken.statusText, broken.headers.get('0')]).toEqual([500, 'Incomplete request', null]);
    writeFileSync(lockPath(), '<<<<<<< a merge conflict');
    expect(await (await fetch(`${addressOf(server)}/page`)).text()).toBe(html);
    expect(logged).toEqual([expect.stringContaining('cannot be read')]);
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
