import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Passage, startBridge } from '../support/bridge.ts';
import { callFluxgate } from '../support/call-command.ts';
import { interrupted } from '../support/interrupted-command.ts';
import type { Listener } from '../support/listener.ts';
import { fluxgate } from '../support/run-command.ts';
import { printedBy, type Ran } from '../support/run-program.ts';
import { type SharedService, sharedService } from '../support/use-shared-service.ts';

const root = mkdtempSync(join(tmpdir(), 'fluxgate-broken-off-'));
const ways: Listener[] = [];
let service: SharedService;

beforeAll(async () => {
  service = await sharedService();
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await Promise.all(ways.map((way) => way.close()));
});

const download = /^\/images\/[0-9a-f]{64}\.webp/;
const order = /^\/v1\/flux-2-flex/;

/** How many requests for a path like that get through, and what becomes of the rest. */
interface Gate {
  path: RegExp;
  open: number;
  after: Passage;
}

/** A way to the service that can be shut. */
async function startWay(gate: Gate): Promise<string> {
  const way = await startBridge(service.url, (path) => {
    if (!gate.path.test(path)) return 'open';
    gate.open -= 1;
    return gate.open < 0 ? gate.after : 'open';
  });
  ways.push(way);
  return way.origin;
}

/** Runs the command once for a site. */
type Run = (...given: string[]) => Promise<Ran>;

/** A site with so many pictures, and its own way to the service: what these tests do most is to wait, side by side. */
async function startSite(pictures: number) {
  const home = mkdtempSync(join(root, 'home-'));
  const name = `broken off ${basename(home)}`;
  const gate: Gate = { path: /^$/, open: 0, after: 'open' };
  const variables = { DEV_API_KEY: service.key, FLUXGATE_URL: await startWay(gate) };
  const at = (path: string) => join(home, path);
  const words = (...given: string[]) => ['prerender', at('site'), ...given, '--yes'];
  const run: Run = (...given) => callFluxgate(words(...given), variables);
  /** What went away must not keep a process from its end. */
  const runAlone: Run = (...given) => fluxgate(words(...given), variables);
  const json = async (...given: string[]) => JSON.parse(printedBy(await run(...given, '--json')));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const filesIn = (path: string) => (existsSync(at(path)) ? readdirSync(at(path)) : []);
  write('site/index.html', images(name, pictures));
  return { name, gate, variables, at, words, run, runAlone, json, write, read, filesIn };
}
type Site = Awaited<ReturnType<typeof startSite>>;

const images = (name: string, number: number) =>
  Array.from(
    { length: number },
    (_, index) => `<img data-flux-prompt="${name}: ${index}" width="128" height="64" data-flux-steps="4" alt="">`,
  ).join('\n');

/**
 * Kills the command once it has written two pictures, and waits for more.
 * @param out where it writes
 */
async function killedWhileDownloading({ gate, words, variables, filesIn }: Site, out: string, ...given: string[]) {
  Object.assign(gate, { path: download, open: 2, after: 'stuck' });
  const isTime = async () => {
    while (gate.open >= 0 || filesIn(`${out}/img`).length < 2) await sleep(50);
  };
  await interrupted(words(...given), variables, isTime, 'SIGKILL');
  gate.after = 'open';
}

describe.concurrent('a first run that is killed while it downloads', () => {
  test('goes on when it is run again, and buys nothing twice', async () => {
    const site = await startSite(6);
    const { at, run, json, write, read, filesIn } = site;
    await killedWhileDownloading(site, 'site/dist', '--out', at('site/dist'), '--inline', 'img');
    expect(filesIn('site/dist/img')).toHaveLength(2);
    expect(await json('--out', at('site/dist'), '--inline', 'img')).toMatchObject({ pictures: 6, bought: [] });
    expect(filesIn('site/dist/img')).toHaveLength(6);
    expect((await run('--check')).code).toBe(0);
    expect(read('site/dist/.fluxgate-out').trim().split('\n')).toHaveLength(1);
    // All that was downloaded is known to be ours, and goes with its page.
    write('site/index.html', '<p>');
    expect((await json()).removed).toHaveLength(6);
  });

  test('leaves no half site in what is written to another folder then', async () => {
    const site = await startSite(4);
    const { at, json, filesIn } = site;
    await killedWhileDownloading(site, 'site/dist', '--out', at('site/dist'), '--inline', 'img');
    const report = await json('--out', at('site/dist2'), '--inline', 'img');
    expect([report.pages, filesIn('site/dist2').toSorted()]).toEqual([
      ['index.html'],
      ['.fluxgate-out', 'img', 'index.html'],
    ]);
  });

  test('makes nothing ours that a lock alone tells of', async () => {
    const site = await startSite(1);
    const { name, at, run, json, write, read } = site;
    printedBy(await run('--out', at('dist')));
    write('victim/important.txt', 'mine');
    const { mark: _, ...lock } = JSON.parse(read('site/fluxgate.lock.json'));
    const written = { 'important.txt': createHash('sha256').update('mine').digest('hex') };
    write('site/fluxgate.lock.json', JSON.stringify({ ...lock, mark: randomUUID(), out: '../victim', written }));
    write('site/index.html', images(name, 4));
    await killedWhileDownloading(site, 'victim', '--out', at('victim'), '--inline', 'img');
    expect(await json('--out', at('victim'), '--inline', 'img')).toMatchObject({ removed: [] });
    expect(read('victim/important.txt')).toBe('mine');
  });
});

describe.concurrent('a service that goes away in the middle', () => {
  const bought = /\n3 bought for \$([\d.]+) by then\. Run it again for the rest; what is made is not bought again\.\n$/;

  test('of downloading leaves word of what was bought', async () => {
    const { gate, runAlone, json } = await startSite(3);
    Object.assign(gate, { path: download, open: 1, after: 'broken' });
    const ran = await runAlone('--inline', 'img');
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([5, '', expect.stringMatching(bought)]);
    gate.after = 'open';
    expect(await json('--inline', 'img')).toMatchObject({ pictures: 3, bought: [] });
  });

  test('of downloading leaves the same in JSON', async () => {
    const { gate, run } = await startSite(3);
    Object.assign(gate, { path: download, open: 1, after: 'broken' });
    const ran = await run('--inline', 'img', '--json');
    const { error } = JSON.parse(ran.stderr);
    expect([ran.code, error]).toMatchObject([
      5,
      { code: 'unreachable', message: expect.any(String), failedMicros: 0, underWay: 0 },
    ]);
    expect([error.bought.length, error.spentMicros > 0]).toEqual([3, true]);
  });

  test('of pinning, too', async () => {
    const { gate, run } = await startSite(3);
    Object.assign(gate, { path: /^\/v1\/pins/, open: 0, after: 'broken' });
    const ran = await run('--pin');
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringMatching(bought)]);
  });

  test('of ordering, too, and of what was under way', async () => {
    const { gate, run, runAlone, json, read } = await startSite(6);
    Object.assign(gate, { path: order, open: 3, after: 'broken' });
    const ran = await runAlone('--concurrency', '1');
    expect([ran.code, ran.stdout]).toEqual([5, '']);
    expect(ran.stderr).toMatch(/\n3 bought for \$[\d.]+ by then\. .+\n1 was under way: it may still be bought, .+\n$/);
    expect(read('site/index.html')).not.toContain(' src=');
    gate.open = 1;
    const { error } = JSON.parse((await run('--concurrency', '1', '--json')).stderr);
    expect(error).toMatchObject({ code: 'unreachable', bought: [], failures: [] });
    gate.after = 'open';
    const again = await json();
    expect([again.pictures, again.bought.length <= 3]).toEqual([6, true]);
  });

  test('of ordering leaves word of what may be bought still', async () => {
    const { gate, run } = await startSite(3);
    Object.assign(gate, { path: order, open: 0, after: 'broken' });
    const ran = await run('--concurrency', '2');
    expect([ran.code, ran.stderr]).toEqual([
      5,
      expect.stringMatching(/\nNothing bought by then\.\n\d were under way: they may still be bought, /),
    ]);
  });
});
