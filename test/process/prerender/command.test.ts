import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedOfPrompt } from '../../../src/cli/prerender/picture-parameters.ts';
import { signedLink } from '../../../src/client/signed-link.ts';
import { callFluxgate } from '../support/call-command.ts';
import { interrupted } from '../support/interrupted-command.ts';
import { fluxgate } from '../support/run-command.ts';
import { printedBy, type Ran } from '../support/run-program.ts';
import { type SharedService, sharedService } from '../support/use-shared-service.ts';

const root = mkdtempSync(join(tmpdir(), 'fluxgate-prerender-'));
let [site, count] = ['', 0];
let service: SharedService;

beforeAll(async () => {
  service = await sharedService();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  count += 1;
  site = join(root, `site-${count}`);
  mkdirSync(site);
});

const variables = () => ({ DEV_API_KEY: service.key, FLUXGATE_URL: service.url });
const run = (...words: string[]): Promise<Ran> => callFluxgate(['prerender', ...words, '--yes'], variables());
const json = async (...words: string[]) => JSON.parse(printedBy(await run(...words, '--json')));
const command = async (...words: string[]) =>
  JSON.parse(printedBy(await callFluxgate([...words, '--json'], variables())));
const read = (path: string) => readFileSync(join(site, path), 'utf8');
function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(site, path)), { recursive: true });
  writeFileSync(join(site, path), text);
}
const image = (prompt: string, more = '') =>
  `<img data-flux-prompt="${prompt}" width="128" height="64" data-flux-steps="4" alt="" ${more}>`;
const lock = () => JSON.parse(read('fluxgate.lock.json'));
const locked = () =>
  Object.entries<Record<string, unknown>>(lock().pictures).map(([fingerprint, all]) => ({ fingerprint, ...all }));
const sources = (text: string) =>
  [...text.matchAll(/ src="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'));
/** Of a lossy, lossless or extended file: https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = new TextDecoder().decode(bytes.subarray(12, 16));
  if (kind === 'VP8X')
    return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >> 8) + 1 };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}
const pinRequest = (path = '', method = 'GET') =>
  fetch(`${service.url}/v1/pins${path}`, { method, headers: { authorization: `Bearer ${service.key}` } });
const pins = async () => {
  const { data } = (await (await pinRequest()).json()) as { data: { fingerprint: string }[] };
  return data.map(({ fingerprint }) => fingerprint);
};
const purchases = async () => (await command('usage', '--days', '1')).totals.purchases as number;

describe('fluxgate prerender', () => {
  test('makes each picture once, puts it in every page, and changes nothing the second time', async () => {
    write(
      'index.html',
      `<p>\r\n${image('prerender: fox')}\r\n<flux-image prompt="prerender: fox" width="128" height="64" steps="4"></flux-image>`,
    );
    write('posts/a.md', `# A\n\n\`${image('code')}\`\n\n${image('prerender: fox')}\n`);
    write('posts/b.mdx', `<A />\n\n${image('prerender: hare').replace('>', '/>')}\n`);
    const words = ['prerender', site, '--budget', '1', '--yes', '--json'];
    const first = JSON.parse(printedBy(await fluxgate(words, variables())));
    expect(first).toMatchObject({ pictures: 2, spentMicros: expect.any(Number), failures: [], isWritten: true });
    expect([first.bought.length, first.written]).toEqual([2, ['index.html', 'posts/a.md', 'posts/b.mdx']]);
    for (const url of [...sources(read('index.html')), ...sources(read('posts/b.mdx'))]) {
      const response = await fetch(url);
      expect([response.status, response.headers.get('x-fluxgate-width')]).toEqual([200, '128']);
    }
    expect(read('index.html')).toContain('<p>\r\n<img data-flux-prompt');
    const before = ['index.html', 'posts/a.md', 'posts/b.mdx', 'fluxgate.lock.json'].map((path) => [
      path,
      read(path),
      statSync(join(site, path)).mtimeMs,
    ]);
    const again = await fluxgate(['prerender', site, '--json'], {
      FLUXGATE_URL: service.url,
      FLUXGATE_KEY: 'fg_live_unused',
    });
    expect(JSON.parse(printedBy(again))).toMatchObject({ pictures: 2, bought: [], written: [] });
    expect(before.map(([path]) => [path, read(String(path)), statSync(join(site, String(path))).mtimeMs])).toEqual(
      before,
    );
    expect(Object.keys(lock().pictures)).toEqual(Object.keys(lock().pictures).toSorted());
  });

  test('asks nobody when the lock knows everything', async () => {
    write('index.html', image('prerender: offline'));
    printedBy(await run(site));
    const text = read('index.html');
    const url = service.url;
    write('fluxgate.lock.json', read('fluxgate.lock.json').replaceAll(url, 'http://127.0.0.1:1'));
    write('index.html', text.replaceAll(url, 'http://127.0.0.1:1'));
    const ran = await fluxgate(['prerender', site, '--url', 'http://127.0.0.1:1'], { DEV_API_KEY: service.key });
    expect([ran.code, ran.stdout]).toEqual([0, '✓ 1 picture in 1 page: nothing bought, no file changed.\n']);
  });

  test('stops above the budget before anything is bought, and not when it is hit exactly', async () => {
    write('index.html', image('prerender: budget 1') + image('prerender: budget 2'));
    const before = await purchases();
    const { totalMicros } = await command('quote', 'prerender: budget 1', '--size', '128x64', '--steps', '4');
    const dollars = (micros: number) => (micros / 1_000_000).toFixed(6);
    const over = await run(site, '--budget', dollars(2 * totalMicros - 1));
    expect([over.code, over.stderr]).toEqual([4, expect.stringContaining('nothing was bought')]);
    expect([await purchases(), sources(read('index.html'))]).toEqual([before, []]);
    expect((await run(site, '--budget', dollars(2 * totalMicros))).code).toBe(0);
    expect(await purchases()).toBe(before + 2);
  });

  test('buys nothing where nobody can be asked and nobody allowed it', async () => {
    write('index.html', image('prerender: unasked'));
    const before = await purchases();
    const ran = await fluxgate(['prerender', site], variables());
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/nothing was bought: .*--budget <dollars> or --yes/),
    ]);
    expect([await purchases(), sources(read('index.html'))]).toEqual([before, []]);
    expect((await fluxgate(['prerender', site, '--budget', '1'], variables())).code).toBe(0);
    expect(await purchases()).toBe(before + 1);
    // What is stored costs nothing, and needs nobody's word.
    rmSync(join(site, 'fluxgate.lock.json'));
    expect((await fluxgate(['prerender', site], variables())).code).toBe(0);
  });

  test('goes on after a failure, tells all of them, and puts in the rest', async () => {
    write(
      'index.html',
      ['sandbox:error', 'sandbox:moderated-request', 'fine'].map((word) => image(`prerender: ${word}`)).join('\n'),
    );
    const ran = await run(site);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/✗ "prerender: sandbox:error": .+\n {2}index\.html:1:1\n/);
    expect(ran.stderr).toMatch(/✗ "prerender: sandbox:moderated-request": .+\n {2}index\.html:2:1\n/);
    expect(ran.stdout).toContain('2 failed');
    expect(sources(read('index.html'))).toHaveLength(1);
    expect(locked()).toMatchObject([{ prompt: 'prerender: fine' }]);
  });

  test('makes the others where its key may not order one of them, and tells that before it buys', async () => {
    const big = image('prerender: too large').replace('width="128" height="64"', 'width="1024" height="1024"');
    write('index.html', [image('prerender: small 1'), big, image('prerender: small 2')].join('\n'));
    await command('accounts', 'create', 'Limited', '--id', 'prerender-limits');
    const { key } = await command('keys', 'create', 'prerender-limits', '--name', 'small', '--max-megapixels', '0.1');
    const withKey = { FLUXGATE_URL: service.url, FLUXGATE_KEY: key };
    const ran = await callFluxgate(['prerender', site, '--yes'], withKey);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /✗ "prerender: too large": size: this key may order at most 0\.1 .+\n {2}index\.html:2:1\n2 new, 0 stored, 1 refused: /,
    );
    expect(ran.stdout).toMatch(/2 bought for \$[\d.]+, 1 file written, 1 failed\.\n$/);
    expect([sources(read('index.html')).length, locked().length]).toEqual([2, 2]);
  });

  test('tells what was charged for pictures that did not come', async () => {
    const words = ['sandbox:moderated-output', 'sandbox:unknown', 'charged'];
    write('index.html', words.map((word) => image(`prerender: ${word}`)).join('\n'));
    const before = await purchases();
    const first = await run(site);
    expect(await purchases()).toBe(before + 3);
    const lines = /1 bought for \$([\d.]+), .*2 failed, which cost \$([\d.]+) \(asked again, they may cost again\)\./;
    const [, price, lost] = lines.exec(first.stdout) ?? [];
    expect(Number(lost)).toBeCloseTo(2 * Number(price), 6);
    expect(first.stderr).toMatch(
      /✗ "prerender: sandbox:unknown": [^✗]+\n {2}It cost \$[\d.]+ all the same, unless it is refunded/,
    );
    const { failures, spentMicros, failedMicros } = await json(site).catch(async () =>
      JSON.parse((await run(site, '--json')).stdout),
    );
    expect([spentMicros, failedMicros]).toEqual([0, Math.round(Number(lost) * 1e6)]);
    expect(failures).toMatchObject([{ spentMicros: failedMicros / 2 }, { spentMicros: failedMicros / 2 }]);
  });

  test('leaves everything as it was when it is stopped, and buys nothing twice', async () => {
    const prompts = ['1', '2', '3'].map((name) => `prerender: stop ${name}`);
    write('index.html', [...prompts, 'prerender: stop sandbox:slow'].map((prompt) => image(prompt)).join('\n'));
    const [before, text] = [await purchases(), read('index.html')];
    const ran = await interrupted(['prerender', site, '--yes', '--concurrency', '1'], variables(), async () => {
      const isSlowOneBegun = async () =>
        (await purchases()) === before + 3 && (await command('tasks', '--status', 'rendering')).data.length === 1;
      while (!(await isSlowOneBegun())) await new Promise((resolve) => setTimeout(resolve, 100));
    });
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('Stopped: no page was changed.')]);
    expect(ran.stdout).toMatch(/1 was under way: it may still be bought, .*and is there the next time\./);
    expect(ran.stdout).toMatch(/3 bought for \$[\d.]+, no file changed, 1 under way\.\n$/);
    expect(read('index.html')).toBe(text);
    write('index.html', prompts.map((prompt) => image(prompt)).join('\n'));
    expect(await json(site)).toMatchObject({ pictures: 3, bought: [], written: ['index.html'] });
  });

  test('writes a whole site to another folder', async () => {
    write('index.html', image('prerender: out'));
    write('style.css', 'p {}');
    const before = read('index.html');
    const out = join(site, 'dist');
    expect((await json(site, '--out', out)).written).toEqual(['index.html', 'style.css']);
    expect(read('index.html')).toBe(before);
    expect([sources(read('dist/index.html')).length, read('dist/style.css')]).toEqual([1, 'p {}']);
    expect((await json(site, '--out', out)).written).toEqual([]);
    expect((await run(site, '--check')).code).toBe(0);
    expect((await json(site)).written).toEqual([]);
    write('posts/old.html', '<p>');
    printedBy(await run(site));
    write('dist/mine.html', '<p>');
    rmSync(join(site, 'posts'), { recursive: true });
    const check = await run(site, '--check');
    expect([check.code, check.stdout]).toEqual([6, expect.stringContaining('dist/posts/old.html')]);
    expect((await json(site)).removed).toEqual(['posts/old.html']);
    expect([existsSync(join(out, 'posts')), existsSync(join(out, 'mine.html'))]).toEqual([false, true]);
    expect((await run(site, '--check')).code).toBe(0);
    expect((await json(site, '--in-place')).written).toEqual(['index.html']);
  });

  test('removes nothing but what it wrote, whatever a lock says', async () => {
    write('index.html', image('prerender: out'));
    const out = join(site, 'dist');
    printedBy(await run(site, '--out', out));
    write('secret.txt', 'mine');
    symlinkSync(site, join(out, 'up'));
    const good = lock();
    for (const path of ['../secret.txt', '/etc/passwd', 'a/../../secret.txt']) {
      write('fluxgate.lock.json', JSON.stringify({ ...good, written: [path] }));
      expect((await run(site)).code).toBe(2);
    }
    write('fluxgate.lock.json', JSON.stringify({ ...good, written: ['up/secret.txt'] }));
    rmSync(join(site, 'dist/secret.txt'), { force: true });
    expect((await json(site)).removed).toEqual([]);
    expect(read('secret.txt')).toBe('mine');
  });

  test.each(['stored', 'inline', 'links'])('offers a cut picture in its very shape: %s', async (delivery) => {
    const made = await command('keys', 'create', 'cut-site', '--name', 'cut', '--link').catch(async () => {
      await command('accounts', 'create', 'Cut', '--id', 'cut-site');
      return await command('keys', 'create', 'cut-site', '--name', 'cut', '--link');
    });
    write('index.html', image('prerender: cut').replace('128', '1000').replace('64', '563'));
    const keys = delivery === 'links' ? ['--link-key', made.id, '--link-secret', made.key] : [];
    printedBy(await run(site, `--${delivery}`, ...keys));
    const [, srcset = ''] = / srcset="([^"]+)"/.exec(read('index.html')) ?? [];
    const candidates = srcset
      .replaceAll('&amp;', '&')
      .split(', ')
      .map((each) => each.split(' '));
    expect(candidates.map(([, width]) => width)).toEqual(['320w', '640w', '960w', '1000w']);
    for (const [url = '', width = ''] of candidates) {
      const bytes = url.startsWith('http')
        ? new Uint8Array(await (await fetch(url)).arrayBuffer())
        : readFileSync(join(site, url));
      const size = webpSize(bytes);
      expect(size.width).toBe(Number.parseInt(width, 10));
      expect(Math.abs(size.height - (size.width * 563) / 1000)).toBeLessThan(1);
    }
    expect((await run(site, '--check')).code).toBe(0);
  });

  test('downloads the pictures beside the pages, and keeps doing so', async () => {
    write('posts/a.html', image('prerender: inline').replace('64', '512').replace('128', '1024'));
    printedBy(await run(site, '--inline'));
    const [src = ''] = sources(read('posts/a.html'));
    expect(src).toMatch(/^\.\.\/images\/prerender-inline-[0-9a-f]{16}\.webp$/);
    expect(
      readFileSync(join(site, 'posts', src))
        .subarray(8, 12)
        .toString(),
    ).toBe('WEBP');
    expect(read('posts/a.html')).toMatch(
      /srcset="\.\.\/images\/\S+ 320w, \.\.\/images\/\S+ 640w, \.\.\/images\/\S+ 960w, \.\.\/images\/\S+ 1024w"/,
    );
    const before = read('posts/a.html');
    rmSync(join(site, 'posts', src));
    expect((await run(site, '--check')).code).toBe(6);
    expect(await json(site)).toMatchObject({ bought: [], written: [] });
    expect([read('posts/a.html'), (await run(site, '--check')).code]).toEqual([before, 0]);
  });

  test('moves downloads to another folder, and leaves none behind that no page names', async () => {
    write('index.html', image('prerender: moved one') + image('prerender: moved two'));
    printedBy(await run(site, '--inline', 'one'));
    const files = () => sources(read('index.html')).map((src) => src.replace(/^.*\//, ''));
    const [first = '', second = ''] = files();
    write('one/mine.webp', 'mine');
    const check = await run(site, '--check');
    expect([check.code, files().every((name) => existsSync(join(site, 'one', name)))]).toEqual([0, true]);
    const moved = await run(site, '--inline', 'two/deep');
    expect(moved.stdout).toContain(`removed one/${first}`);
    expect(moved.stdout).toMatch(/nothing bought, 3 files written, 2 files removed\.\n$/);
    expect([existsSync(join(site, 'one', first)), read('one/mine.webp')]).toEqual([false, 'mine']);
    expect((await run(site, '--check')).code).toBe(0);

    // What was changed since, or is named by a page, is somebody's.
    write(`two/deep/${first}`, 'drawn over');
    write('index.html', `${image('prerender: moved three')}<img src="two/deep/${second}">`);
    expect((await json(site)).removed).toEqual([]);
    expect([read(`two/deep/${first}`), existsSync(join(site, 'two/deep', second))]).toEqual(['drawn over', true]);

    const [third = ''] = files();
    expect((await json(site, '--stored')).removed).toEqual([`two/deep/${third}`]);
    expect((await run(site, '--check')).code).toBe(0);
  });

  test('removes no file of a picture whose place is outside, whatever a lock says', async () => {
    write('site/index.html', image('prerender: outside'));
    const inner = join(site, 'site');
    printedBy(await run(inner, '--inline'));
    const good = read('site/fluxgate.lock.json');
    const [{ name = '' } = {}] = Object.values(
      JSON.parse(good).pictures as Record<string, { files: { webp: { name: string }[] } }>,
    ).flatMap(({ files }) => files.webp);
    const bytes = readFileSync(join(inner, 'images', name));
    write('other/picture.webp', bytes);
    write(`other/${name}`, bytes);
    for (const lie of [
      good.replace('"folder": "images"', '"folder": "../other"'),
      good.replace(`"name": "${name}"`, '"name": "../../other/picture.webp"'),
      good.replace(`"name": "${name}"`, `"name": ${JSON.stringify(join(site, 'other/picture.webp'))}`),
    ]) {
      write('site/fluxgate.lock.json', lie);
      const ran = await run(inner, '--stored', '--json');
      if (ran.code === 0) expect(JSON.parse(ran.stdout).removed).toEqual([]);
      expect([existsSync(join(site, 'other/picture.webp')), existsSync(join(site, 'other', name))]).toEqual([
        true,
        true,
      ]);
    }
  });

  test('signs links, which lead to the pictures', async () => {
    await command('accounts', 'create', 'Prerender', '--id', 'prerender');
    const made = await command('keys', 'create', 'prerender', '--name', 'site', '--link');
    const keys = ['--link-key', made.id, '--link-secret', made.key];
    write('index.html', image('prerender: links').replace('64', '320').replace('128', '640'));
    const wrong = await run(site, '--links', '--link-key', made.id, '--link-secret', 'x'.repeat(43));
    expect([wrong.code, wrong.stderr, sources(read('index.html'))]).toEqual([
      3,
      expect.stringContaining('signed with another key'),
      [],
    ]);
    printedBy(await run(site, '--links', ...keys));
    const links = [...sources(read('index.html')), ...read('index.html').matchAll(/(http\S+) 320w/g)].map((found) =>
      (typeof found === 'string' ? found : (found[1] ?? '')).replaceAll('&amp;', '&'),
    );
    const widths = await Promise.all(links.map(async (url) => (await fetch(url)).headers.get('x-fluxgate-width')));
    expect(widths).toEqual(['640', '320']);
    const order = { prompt: 'prerender: links', width: 640, height: 320, steps: 4 };
    const seedless = await signedLink(service.url, order, { keyId: made.id, secret: made.key });
    expect((await fetch(seedless)).headers.get('x-fluxgate-seed')).toBe(String(seedOfPrompt(order.prompt)));
    expect((await fetch(seedless)).headers.get('x-fluxgate-source')).not.toBe('bought');
    expect(await json(site, ...keys)).toMatchObject({ bought: [], written: [] });
    expect((await run(site)).code).toBe(2);
  });
});

describe('the lock', () => {
  test('is checked without anybody being asked, and names what is stale', async () => {
    write('index.html', image('prerender: check'));
    expect((await run(site, '--check')).code).toBe(6);
    printedBy(await run(site));
    const offline = (...words: string[]) =>
      callFluxgate(['prerender', site, '--check', ...words], { FLUXGATE_URL: 'http://127.0.0.1:1' });
    expect(await offline()).toMatchObject({ code: 0, stdout: '✓ 1 picture: all are as in the lock.\n' });
    expect((await offline('--online')).code).toBe(5);
    const good = read('index.html');
    write('index.html', good.replace('data-flux-steps="4"', 'data-flux-steps="5"'));
    expect(await offline()).toMatchObject({
      code: 6,
      stdout: expect.stringContaining('index.html:1:1  "prerender: check" is in the lock with another steps 4 → 5.'),
    });
    write('index.html', good.replace(/ src="[^"]+"/, ' src="other.png"'));
    expect((await offline()).stdout).toContain('index.html  Its tags are not as the lock has them.');
    write('index.html', '<p>');
    expect((await offline()).stdout).toContain('"prerender: check" is in no page any more.');
    write('index.html', good + image('prerender: more'));
    expect((await offline()).stdout).toContain('"prerender: more" is not in the lock.');
  });

  test('tells a picture that came out otherwise, and takes it only when told to', async () => {
    write('index.html', image('prerender: lost'));
    printedBy(await run(site));
    const [{ fingerprint = '' } = {}] = locked();
    await command('purge', fingerprint);
    expect((await run(site, '--check', '--online')).code).toBe(6);
    // The sandbox draws the same again.
    expect(await json(site, '--online')).toMatchObject({ bought: [fingerprint], changed: [] });
    const good = read('fluxgate.lock.json');
    const sha256 = String(Object(locked()[0]).sha256);
    write('fluxgate.lock.json', good.replace(sha256, 'f'.repeat(64)));
    const check = await run(site, '--check', '--online');
    expect([check.code, check.stdout]).toEqual([6, expect.stringContaining('and locked as ffffffffffff…')]);
    const ran = await run(site, '--online');
    expect([ran.code, ran.stdout]).toEqual([6, expect.stringContaining('came out otherwise: ffffffffffff…')]);
    expect(read('fluxgate.lock.json')).not.toBe(good);
    expect((await run(site, '--online', '--accept')).code).toBe(0);
    expect(read('fluxgate.lock.json')).toBe(good);
  });

  test('pins its pictures and lets them go', async () => {
    write('index.html', image('prerender: pins'));
    const printed = printedBy(await run(site, '--pin'));
    const [{ fingerprint = '' } = {}] = locked();
    expect(printed).toContain(`pinned "prerender: pins" ${fingerprint.slice(0, 12)}…`);
    expect([await pins(), locked()[0]]).toMatchObject([[fingerprint], { isPinned: true }]);
    expect(printedBy(await run(site, '--pin'))).toContain('1 picture was pinned already');
    printedBy(await run(site, '--unpin'));
    expect([await pins(), locked()[0]]).toMatchObject([[], { isPinned: false }]);
  });

  test('asks the service what is pinned there, and pins it again', async () => {
    write('index.html', image('prerender: pins, again'));
    printedBy(await run(site, '--pin'));
    const [{ fingerprint = '' } = {}] = locked();
    expect((await run(site, '--check', '--online')).code).toBe(0);
    await pinRequest(`/${fingerprint}`, 'DELETE');
    expect(await run(site, '--check', '--online')).toMatchObject({
      code: 6,
      stdout: expect.stringContaining(
        `"prerender: pins, again" is pinned in the lock, and not at ${service.url}. Pin it with --pin.`,
      ),
    });
    expect(printedBy(await run(site, '--pin'))).toContain('pinned "prerender: pins, again"');
    expect(await pins()).toEqual([fingerprint]);

    await pinRequest(`/${fingerprint}`, 'DELETE');
    await command('purge', fingerprint);
    const good = read('fluxgate.lock.json');
    write('fluxgate.lock.json', good.replace(String(Object(locked()[0]).sha256), 'f'.repeat(64)));
    expect((await run(site, '--online')).code).toBe(6);
    expect((await run(site, '--online', '--accept')).code).toBe(0);
    expect([await pins(), read('fluxgate.lock.json')]).toEqual([[fingerprint], good]);
    expect((await run(site, '--check', '--online')).code).toBe(0);
    printedBy(await run(site, '--unpin'));
  });

  test.each(['{"version":1,"pict', '<<<<<<< HEAD\n{}', '{}', '{"version":1}'])(
    'that is half written is refused: %s',
    async (text) => {
      write('index.html', image('prerender: half'));
      write('fluxgate.lock.json', text);
      const ran = await run(site);
      expect([ran.code, ran.stderr, read('fluxgate.lock.json')]).toEqual([
        2,
        expect.stringContaining('cannot be read: it is half written'),
        text,
      ]);
    },
  );
});

describe('what is no page', () => {
  test('is neither read nor written: links, binary and huge files, what is hidden', async () => {
    const outside = join(root, `outside-${count}`);
    mkdirSync(outside);
    writeFileSync(join(outside, 'page.html'), image('prerender: outside'));
    symlinkSync(outside, join(site, 'folder'));
    symlinkSync(join(outside, 'page.html'), join(site, 'page.html'));
    write('binary.html', Buffer.concat([Buffer.from(image('a')), Buffer.from([0])]));
    write('latin.html', Buffer.concat([Buffer.from(image('a')), Buffer.from([0xe9])]));
    write('huge.html', `${image('a')}${' '.repeat(8 * 1024 * 1024)}`);
    write('.git/a.html', image('a'));
    write('node_modules/a.html', image('a'));
    const { pictures, skipped } = await json(site);
    expect([pictures, skipped.map(({ path }: { path: string }) => path).toSorted()]).toEqual([
      0,
      ['binary.html', 'huge.html', 'latin.html', 'page.html'],
    ]);
    expect(readFileSync(join(outside, 'page.html'), 'utf8')).toBe(image('prerender: outside'));
  });

  test('is not written through a link in the folder that it goes to', async () => {
    const [outside, out] = [join(root, `outside-${count}`), join(root, `out-${count}`)];
    for (const folder of [outside, out]) mkdirSync(folder);
    symlinkSync(outside, join(out, 'posts'));
    write('posts/a.html', image('prerender: through'));
    const ran = await run(site, '--out', out);
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('it leads out of the folder')]);
    expect(() => readFileSync(join(outside, 'a.html'))).toThrow('ENOENT');
  });

  test('stays when it is read-only, and is told', async () => {
    write('a.html', image('prerender: read-only'));
    write('b.html', image('prerender: read-only'));
    chmodSync(join(site, 'a.html'), 0o444);
    const ran = await run(site);
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('a.html cannot be written: it is read-only.')]);
    expect([sources(read('a.html')), sources(read('b.html')).length]).toEqual([[], 1]);
  });

  test.each([
    [2, 'is no folder', ['/no/such/folder']],
    [2, '--prefix goes with --inline', ['.', '--prefix', '/a']],
    [2, 'Choose one of', ['.', '--links', '--inline']],
    [2, 'is no folder of the site', ['.', '--inline', '../up']],
    [2, 'Links take a --link-key', ['.', '--links']],
    [2, 'Expected dollars', ['.', '--budget', 'all']],
    [2, 'and no fewer than none', ['.', '--budget', '-1']],
  ])('makes it end with %i: %s', async (code, sentence, words) => {
    const ran = await run(...words.map((word) => (word === '.' ? site : word)));
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(sentence)]);
  });

  test('makes it end before anything is bought where the key is wrong, nobody is there, or a page is', async () => {
    write('index.html', image('prerender: nobody'));
    const wrong = await callFluxgate(['prerender', site], {
      FLUXGATE_URL: service.url,
      FLUXGATE_KEY: 'fg_live_wrong',
    });
    expect(wrong.code).toBe(3);
    expect((await callFluxgate(['prerender', site], { FLUXGATE_URL: 'http://127.0.0.1:1' })).code).toBe(5);
    write('other.html', image('prerender: nobody', 'data-flux-seed=x'));
    expect(await run(site)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/other\.html:1:\d+ {2}The seed "x" is not right/),
    });
    cpSync(join(site, 'index.html'), join(site, 'copy.html'));
    expect(sources(read('index.html'))).toEqual([]);
  });
});
