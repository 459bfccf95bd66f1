import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../local-service.ts';
import { type Passage, startBridge } from '../support/bridge.ts';
import { interrupted } from '../support/interrupted-command.ts';
import type { Listener } from '../support/listener.ts';
import { fluxgate } from '../support/run-command.ts';
import { printedBy, type Ran } from '../support/run-program.ts';

const DEV_API_KEY = 'fg_dev_for_broken_off';
const root = mkdtempSync(join(tmpdir(), 'fluxgate-broken-off-'));
let [service, bridge, home, count] = [null as LocalService | null, null as Listener | null, '', 0];
/** How many requests for a path like that get through, and what becomes of the rest. */
let gate = { path: /^$/, open: 0, after: 'open' as Passage };

beforeAll(async () => {
  service = await startService({ port: await freePort(), state: freshState(), settings: { DEV_API_KEY } });
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await killLeftovers();
});
beforeEach(async () => {
  count += 1;
  home = join(root, `home-${count}`);
  gate = { path: /^$/, open: 0, after: 'open' };
  bridge = await startBridge(service?.url ?? '', (path) => {
    if (!gate.path.test(path)) return 'open';
    gate.open -= 1;
    return gate.open < 0 ? gate.after : 'open';
  });
});
afterEach(async () => await bridge?.close());

const download = /^\/images\/[0-9a-f]{64}\.webp/;
const order = /^\/v1\/flux-2-flex/;
const at = (path: string) => join(home, path);
const variables = () => ({ DEV_API_KEY, FLUXGATE_URL: bridge?.origin ?? '' });
const words = (...given: string[]) => ['prerender', at('site'), ...given, '--yes'];
const run = (...given: string[]): Promise<Ran> => fluxgate(words(...given), variables());
const json = async (...given: string[]) => JSON.parse(printedBy(await run(...given, '--json')));
function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
const read = (path: string) => readFileSync(at(path), 'utf8');
const images = (number: number) =>
  Array.from(
    { length: number },
    (_, index) =>
      `<img data-flux-prompt="broken off ${count}: ${index}" width="128" height="64" data-flux-steps="4" alt="">`,
  ).join('\n');
const filesIn = (path: string) => (existsSync(at(path)) ? readdirSync(at(path)) : []);

/**
 * Kills the command once it has written two pictures, and waits for more.
 * @param out where it writes
 */
async function killedWhileDownloading(out: string, ...given: string[]): Promise<void> {
  gate = { path: download, open: 2, after: 'stuck' };
  const isTime = async () => {
    while (gate.open >= 0 || filesIn(`${out}/img`).length < 2) await sleep(50);
  };
  await interrupted(words(...given), variables(), isTime, 'SIGKILL');
  gate.after = 'open';
}

describe('a first run that is killed while it downloads', () => {
  test('goes on when it is run again, and buys nothing twice', async () => {
    write('site/index.html', images(6));
    await killedWhileDownloading('site/dist', '--out', at('site/dist'), '--inline', 'img');
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
    write('site/index.html', images(4));
    await killedWhileDownloading('site/dist', '--out', at('site/dist'), '--inline', 'img');
    const report = await json('--out', at('site/dist2'), '--inline', 'img');
    expect([report.pages, filesIn('site/dist2').toSorted()]).toEqual([
      ['index.html'],
      ['.fluxgate-out', 'img', 'index.html'],
    ]);
  });

  test('makes nothing ours that a lock alone tells of', async () => {
    write('site/index.html', images(1));
    printedBy(await run('--out', at('dist')));
    write('victim/important.txt', 'mine');
    const { mark: _, ...lock } = JSON.parse(read('site/fluxgate.lock.json'));
    const written = { 'important.txt': createHash('sha256').update('mine').digest('hex') };
    write('site/fluxgate.lock.json', JSON.stringify({ ...lock, mark: randomUUID(), out: '../victim', written }));
    write('site/index.html', images(4));
    await killedWhileDownloading('victim', '--out', at('victim'), '--inline', 'img');
    expect(await json('--out', at('victim'), '--inline', 'img')).toMatchObject({ removed: [] });
    expect(read('victim/important.txt')).toBe('mine');
  });
});

describe('a service that goes away in the middle', () => {
  const bought = /\n3 bought for \$([\d.]+) by then\. Run it again for the rest; what is made is not bought again\.\n$/;

  test('of downloading leaves word of what was bought', async () => {
    write('site/index.html', images(3));
    gate = { path: download, open: 1, after: 'broken' };
    const ran = await run('--inline', 'img');
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([5, '', expect.stringMatching(bought)]);
    gate.after = 'open';
    expect(await json('--inline', 'img')).toMatchObject({ pictures: 3, bought: [] });
  });

  test('of downloading leaves the same in JSON', async () => {
    write('site/index.html', images(3));
    gate = { path: download, open: 1, after: 'broken' };
    const ran = await run('--inline', 'img', '--json');
    const { error } = JSON.parse(ran.stderr);
    expect([ran.code, error]).toMatchObject([
      5,
      { code: 'unreachable', message: expect.any(String), failedMicros: 0, underWay: 0 },
    ]);
    expect([error.bought.length, error.spentMicros > 0]).toEqual([3, true]);
  });

  test('of pinning, too', async () => {
    write('site/index.html', images(3));
    gate = { path: /^\/v1\/pins/, open: 0, after: 'broken' };
    const ran = await run('--pin');
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringMatching(bought)]);
  });

  test('of ordering, too, and of what was under way', async () => {
    write('site/index.html', images(6));
    gate = { path: order, open: 3, after: 'broken' };
    const ran = await run('--concurrency', '1');
    expect([ran.code, ran.stdout]).toEqual([5, '']);
    expect(ran.stderr).toMatch(/\n3 bought for \$[\d.]+ by then\. .+\n1 was under way: it may still be bought, .+\n$/);
    expect(read('site/index.html')).not.toContain(' src=');
    gate = { ...gate, open: 1 };
    const { error } = JSON.parse((await run('--concurrency', '1', '--json')).stderr);
    expect(error).toMatchObject({ code: 'unreachable', bought: [], failures: [] });
    gate.after = 'open';
    const again = await json();
    expect([again.pictures, again.bought.length <= 3]).toEqual([6, true]);
  });

  test('of ordering leaves word of what may be bought still', async () => {
    write('site/index.html', images(3));
    gate = { path: order, open: 0, after: 'broken' };
    const ran = await run('--concurrency', '2');
    expect([ran.code, ran.stderr]).toEqual([
      5,
      expect.stringMatching(/\nNothing bought by then\.\n\d were under way: they may still be bought, /),
    ]);
  });
});
