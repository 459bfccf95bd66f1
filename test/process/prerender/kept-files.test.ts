import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callFluxgate } from '../support/call-command.ts';
import { printedBy, type Ran } from '../support/run-program.ts';
import { type SharedService, sharedService } from '../support/use-shared-service.ts';

const root = mkdtempSync(join(tmpdir(), 'fluxgate-kept-'));
let [home, count] = ['', 0];
let service: SharedService;

beforeAll(async () => {
  service = await sharedService();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** `home/site` is the site; `home` is what lies around it. */
beforeEach(() => {
  count += 1;
  home = join(root, `home-${count}`);
  mkdirSync(join(home, 'site'), { recursive: true });
});

const at = (path: string) => join(home, path);
const site = () => at('site');
const out = () => at('dist');
const run = (...words: string[]): Promise<Ran> =>
  callFluxgate(['prerender', ...words, '--yes'], { DEV_API_KEY: service.key, FLUXGATE_URL: service.url });
const json = async (...words: string[]) => JSON.parse(printedBy(await run(...words, '--json')));
const read = (path: string) => readFileSync(at(path), 'utf8');
function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
const image = (prompt: string) =>
  `<img data-flux-prompt="${prompt}" width="128" height="64" data-flux-steps="4" alt="">`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const lockPath = 'site/fluxgate.lock.json';
const lock = () => JSON.parse(read(lockPath));
/** The one download that a page shows. */
const shown = (path: string) => basename(/ src="([^"]+)"/.exec(read(path))?.[1] ?? '');

describe('another folder', () => {
  test('keeps a file that was changed since, and loses one that was not', async () => {
    for (const name of ['robots.txt', 'old.txt', 'linked.txt']) write(`site/${name}`, 'x');
    write('site/index.html', image('kept: changed'));
    printedBy(await run(site(), '--out', out(), '--inline', 'pics'));
    for (const name of ['robots.txt', 'old.txt', 'linked.txt']) rmSync(at(`site/${name}`));
    write('dist/robots.txt', 'HAND WRITTEN');
    write('elsewhere.txt', 'x');
    rmSync(at('dist/linked.txt'));
    symlinkSync(at('elsewhere.txt'), at('dist/linked.txt'));
    const ran = await run(site());
    expect(ran.stdout).toContain('! robots.txt is kept: it was changed since.\n');
    expect(ran.stdout).toContain('! linked.txt is kept: it was changed since.\n');
    expect(ran.stdout).toContain('removed old.txt\n');
    expect([read('dist/robots.txt'), existsSync(at('dist/linked.txt')), existsSync(at('dist/old.txt'))]).toEqual([
      'HAND WRITTEN',
      true,
      false,
    ]);
    expect(await json(site())).toMatchObject({ removed: [], kept: [] });
    expect((await run(site(), '--check')).code).toBe(0);
  });

  test('keeps what was there before the site was, though the site had the same', async () => {
    write('site/index.html', image('kept: same'));
    write('site/robots.txt', 'the same');
    write('dist/robots.txt', 'the same');
    printedBy(await run(site(), '--out', out()));
    rmSync(at('site/robots.txt'));
    expect((await json(site())).removed).toEqual([]);
    expect(read('dist/robots.txt')).toBe('the same');
  });

  test('loses nothing by a lock that has no digests yet', async () => {
    write('site/index.html', image('kept: older'));
    write('site/old.txt', 'x');
    printedBy(await run(site(), '--out', out()));
    rmSync(at('site/old.txt'));
    write(lockPath, JSON.stringify({ ...lock(), written: ['index.html', 'old.txt'] }));
    expect(await json(site())).toMatchObject({
      removed: [],
      kept: [{ path: 'old.txt', reason: 'the lock does not say what was written' }],
    });
    expect(existsSync(at('dist/old.txt'))).toBe(true);
    expect((await run(site(), '--check')).code).toBe(0);
    expect(Object.keys(lock().written)).toEqual(['index.html']);
  });

  test('is neither written nor cleared where a lock alone names it', async () => {
    write('site/index.html', image('kept: victim'));
    printedBy(await run(site(), '--out', out()));
    const good = lock();
    write('victim/important.txt', 'mine');
    const digest = sha256('mine');
    for (const written of [['important.txt'], { 'important.txt': digest }]) {
      write(lockPath, JSON.stringify({ ...good, out: '../victim', written }));
      expect(await run(site())).toMatchObject({ code: 2, stderr: expect.stringContaining('give it as --out') });
    }
    write(lockPath, JSON.stringify({ ...good, out: '../../far/away' }));
    expect((await run(site())).code).toBe(2);
    expect(existsSync(join(root, 'far'))).toBe(false);
    expect([read('victim/important.txt'), existsSync(at('victim/index.html'))]).toEqual(['mine', false]);

    // Given by hand it is written, and still nothing there is ours.
    write(lockPath, JSON.stringify({ ...good, out: '../victim', written: { 'important.txt': sha256('mine') } }));
    expect(await json(site(), '--out', at('victim'))).toMatchObject({
      removed: [],
      kept: [{ path: 'important.txt', reason: 'its folder has no mark of this site' }],
    });
    expect(read('victim/important.txt')).toBe('mine');
  });

  test('is made again where it is gone, and may be shared by two sites', async () => {
    write('site/index.html', image('kept: gone'));
    printedBy(await run(site(), '--out', out()));
    rmSync(out(), { recursive: true });
    expect((await json(site())).written).toEqual(['index.html']);
    write('second/second.html', image('kept: gone'));
    printedBy(await run(at('second'), '--out', out()));
    expect([(await json(site())).written, (await json(at('second'))).written]).toEqual([[], []]);
    expect(read('dist/.fluxgate-out').trim().split('\n')).toHaveLength(2);
  });

  test('loses nothing that another site may have written there, too', async () => {
    for (const [name, prompt] of [
      ['site', 'kept: one of two'],
      ['second', 'kept: shared'],
    ] as const) {
      write(`${name}/${name}.html`, image(prompt) + image('kept: shared'));
      write(`${name}/index.html`, '<p>The same');
      write(`${name}/s.css`, 'p {}');
      printedBy(await run(at(name), '--out', out(), '--inline', 'pics'));
    }
    for (const path of ['s.css', 'index.html', 'site.html']) rmSync(at(`site/${path}`));
    const before = readdirSync(out(), { recursive: true }).toSorted();
    const ran = await run(site());
    for (const path of ['s.css', 'index.html'])
      expect(ran.stdout).toContain(
        `! ${path} is kept: another site is written to its folder, too, and may have the same (.fluxgate-out).\n`,
      );
    expect([ran.stdout.includes('removed'), readdirSync(out(), { recursive: true }).toSorted()]).toEqual([
      ...[false, before],
    ]);
    expect((await run(at('second'), '--check')).code).toBe(0);
    expect((await run(site(), '--check')).code).toBe(0);
  });

  test('loses nothing to a copy of its site, whose lock is a copy, too', async () => {
    write('site/index.html', image('kept: copied'));
    write('site/x.html', '<p>x');
    printedBy(await run(site(), '--out', out()));
    cpSync(site(), at('copy'), { recursive: true });
    rmSync(at('copy/x.html'));
    // The lock of the copy names the folder, and nothing there says that the copy is written to it.
    expect(await run(at('copy'))).toMatchObject({ code: 2, stderr: expect.stringContaining('give it as --out') });
    expect(await json(at('copy'), '--out', out())).toMatchObject({
      removed: [],
      kept: [{ path: 'x.html', reason: 'its folder has no mark of this site' }],
    });
    expect(read('dist/.fluxgate-out').trim().split('\n')).toHaveLength(2);
    rmSync(at('site/x.html'));
    expect((await json(site())).removed).toEqual([]);
    expect(read('dist/x.html')).toBe('<p>x');
  });

  test('loses what its site wrote in a checkout elsewhere', async () => {
    for (const [folder, name] of [
      ['one', 'dist'],
      ['one', 'site/dist'],
    ] as const) {
      write(`${folder}/site/index.html`, image('kept: checkout'));
      write(`${folder}/site/x.html`, '<p>x');
      printedBy(await run(at(`${folder}/site`), '--out', at(`${folder}/${name}`)));
      const elsewhere = `${name.length}-elsewhere`;
      renameSync(at(folder), at(elsewhere));
      rmSync(at(`${elsewhere}/site/x.html`));
      expect(await json(at(`${elsewhere}/site`))).toMatchObject({ removed: ['x.html'], kept: [] });
      expect(existsSync(at(`${elsewhere}/${name}/x.html`))).toBe(false);
    }
  });

  test('loses the picture of a page with that page, though the page names it', async () => {
    write('site/index.html', image('kept: stays'));
    write('site/sub/a.md', image('kept: goes'));
    printedBy(await run(site(), '--out', out(), '--inline', 'img'));
    const file = shown('dist/sub/a.md');
    rmSync(at('site/sub'), { recursive: true });
    const ran = await run(site());
    expect(ran.stdout).toContain('removed sub/a.md\n');
    expect(ran.stdout).toContain(`removed img/${file}\n`);
    expect([ran.stdout.includes('is kept'), existsSync(at(`dist/img/${file}`))]).toEqual([false, false]);
    expect(existsSync(at(`dist/img/${shown('dist/index.html')}`))).toBe(true);
  });

  test('inside the site is no part of it when that is written to yet another', async () => {
    write('site/index.html', image('kept: another out'));
    printedBy(await run(site(), '--out', at('site/dist')));
    const { pages, written, skipped } = await json(site(), '--out', at('site/dist2'));
    expect([pages, written]).toEqual([['index.html'], ['index.html']]);
    expect(skipped).toEqual([{ path: 'dist', reason: 'this site was written there' }]);
    expect((await run(site(), '--check')).code).toBe(0);
    expect((await json(site(), '--in-place')).pages).toEqual(['index.html']);
    expect((await json(site(), '--out', at('site/dist2'))).pages).toEqual(['index.html']);
    expect(read('site/dist2/.fluxgate-out').trim().split('\n')).toHaveLength(1);
  });

  test('inside the site may be written again, though no page has a picture', async () => {
    write('site/index.html', '<p>');
    for (const _ of ['once', 'again']) printedBy(await run(site(), '--out', at('site/dist')));
    expect(read('site/dist/index.html')).toBe('<p>');
  });

  test('gets hidden files, and no secrets; what is left out is told, and stays where it was copied once', async () => {
    const copied = ['.htaccess', '.nojekyll', '.well-known/security.txt', '.github/page.html'];
    for (const path of copied) write(`site/${path}`, image('kept: hidden'));
    const left = ['.DS_Store', '.dev.vars', '.env', '.env.local', '.git/config', '.npmrc', 'node_modules/a.html'];
    for (const path of left) write(`site/${path}`, 'SECRET=1');
    for (const path of ['index.html', 's.css', 'css/a.css']) write(`site/${path}`, path);
    write('site/index.html', image('kept: shown'));
    const first = await json(site(), '--out', out());
    expect([first.pictures, first.written.toSorted()]).toEqual([
      1,
      [...copied, 'css/a.css', 'index.html', 's.css'].toSorted(),
    ]);
    expect(first.skipped.map(({ path }: { path: string }) => path)).toEqual([
      ...['.DS_Store', '.dev.vars', '.env', '.env.local', '.git', '.npmrc', 'node_modules'],
    ]);
    expect(read('dist/.htaccess')).toBe(image('kept: hidden'));

    for (const path of ['s.css', 'css']) {
      renameSync(at(`site/${path}`), at(path));
      symlinkSync(at(path), at(`site/${path}`));
    }
    const ran = await run(site());
    expect(ran.stdout).toContain('! s.css is left out: it is a link.\n');
    expect(ran.stdout).toContain('! css is left out: it is a link.\n');
    expect([ran.stdout.includes('removed'), read('dist/s.css'), read('dist/css/a.css')]).toEqual([
      ...[false, 's.css', 'css/a.css'],
    ]);
    expect((await run(site(), '--check')).code).toBe(0);
    // Once the link is gone, too, the site has it no more.
    rmSync(at('site/s.css'));
    expect((await json(site())).removed).toEqual(['s.css']);
  });

  test.each([
    ['the site itself', 'site', 'is the site itself'],
    ['the folder above it', '.', 'contains the site'],
    ['a link to that', 'up', 'contains the site'],
    ['a folder of its own pages', 'site/posts', 'has files of its own'],
  ])('is refused where it is %s', async (_, path, sentence) => {
    write('site/index.html', image('kept: refused'));
    write('site/posts/index.html', 'post');
    symlinkSync(home, at('up'));
    expect(await run(site(), '--out', at(path))).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
    expect([existsSync(at('index.html')), read('site/posts/index.html')]).toEqual([false, 'post']);
  });
});

describe('a download', () => {
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  test.each<[string, (name: string) => void]>([
    ['page that is not UTF-8', (name) => write('site/l.html', Buffer.concat([Buffer.from(name), Buffer.from([0xe9])]))],
    ['page in UTF-16', (name) => write('site/w.html', utf16(`<img src="pics/${name}">`))],
    ['page that is too large', (name) => write('site/huge.html', `${' '.repeat(8 * 1024 * 1024)}${name}`)],
    ['page in a folder', (name) => write('site/assets/page.html', `<img src="../pics/${name}">`)],
    ['style sheet', (name) => write('site/s.css', `a{background:url(pics/${name})}`)],
    ['feed', (name) => write('site/feed.xml', `<url>https://a.test/pics/${name}</url>`)],
    ['hidden file', (name) => write('site/.well-known/a.json', `["${name}"]`)],
    [
      'link to a page',
      (name) => {
        write('linked.html', name);
        symlinkSync(at('linked.html'), at('site/linked.html'));
      },
    ],
    [
      'folder that cannot be searched',
      () => {
        mkdirSync(at('outside'));
        symlinkSync(at('outside'), at('site/folder'));
      },
    ],
  ])('stays where it may be named by a %s', async (_, name) => {
    write('site/index.html', image('kept: named'));
    printedBy(await run(site(), '--inline', 'pics'));
    const file = shown('site/index.html');
    name(file);
    write('site/index.html', '<p>');
    const { removed, kept } = await json(site());
    expect([removed, kept]).toEqual([
      [],
      [{ path: `pics/${file}`, reason: expect.stringMatching(/names it$|cannot be searched/) }],
    ]);
    expect(existsSync(at(`site/pics/${file}`))).toBe(true);
  });

  test.each<[string, string, (name: string) => string]>([
    ['with the ending of a picture', 'dist/hero.webp', (name) => `pics/${name}`],
    ['without an ending', 'dist/hero', (name) => `pics/${name}`],
    ['of the site', 'site/hero.webp', (name) => `../dist/pics/${name}`],
    [
      'by way of another',
      'dist/hero.webp',
      (name) => {
        symlinkSync(at(`dist/pics/${name}`), at('way'));
        return '../way';
      },
    ],
  ])('stays where a link leads to it: %s', async (_, link, target) => {
    write('site/index.html', image('kept: linked'));
    printedBy(await run(site(), '--out', out(), '--inline', 'pics'));
    const file = shown('dist/index.html');
    symlinkSync(target(file), at(link));
    write('site/index.html', '<p>');
    const { removed, kept } = await json(site());
    expect([removed, kept]).toEqual([[], [{ path: `pics/${file}`, reason: `${basename(link)} names it` }]]);
    expect(readFileSync(at(link)).length).toBeGreaterThan(0);
  });

  test('that moved stays where a page in a folder names the old one by its own way', async () => {
    write('site/assets/page.html', image('kept: moved'));
    printedBy(await run(site(), '--inline', 'assets/pics'));
    const file = shown('site/assets/page.html');
    write('site/assets/page.html', `${image('kept: moved')}<img src="pics/${file}">`);
    expect((await json(site(), '--inline', 'pics')).removed).toEqual([]);
    expect(existsSync(at(`site/assets/pics/${file}`))).toBe(true);
  });

  test('is counted when it is written and when it is put back, each by its name', async () => {
    write('site/index.html', image('kept: counted'));
    const first = await run(site(), '--inline', 'pics');
    const file = `pics/${shown('site/index.html')}`;
    expect(first.stdout).toContain(`wrote ${file}\n`);
    expect(first.stdout).toContain('2 files written.');
    for (const spoil of [() => rmSync(at(`site/${file}`)), () => write(`site/${file}`, 'drawn over')]) {
      spoil();
      expect((await run(site(), '--check')).stdout).toContain(file);
      const ran = await run(site());
      expect(ran.stdout).toContain(`put back ${file}\n`);
      expect(ran.stdout).toContain('nothing bought, 1 file put back.\n');
    }
    expect((await run(site())).stdout).toContain('nothing bought, no file changed.');
  });

  test('stays where the lock is of another site', async () => {
    write('site/index.html', image('kept: another'));
    printedBy(await run(site(), '--inline', 'pics'));
    cpSync(site(), at('copy'), { recursive: true });
    const file = shown('site/index.html');
    write('copy/index.html', '<p>');
    expect(await json(at('copy'), '--lock', at(lockPath))).toMatchObject({ removed: [], kept: [] });
    expect(existsSync(at(`copy/pics/${file}`))).toBe(true);
  });
});

test('a site may be given by a link to its folder', async () => {
  write('real/index.html', image('kept: by a link'));
  symlinkSync('real', at('site-link'));
  expect((await json(at('site-link'))).written).toEqual(['index.html']);
  expect(await run(at('site-link'), '--check')).toMatchObject({ code: 0 });
  expect(await run(at('real'), '--check')).toMatchObject({ code: 0 });
  write('file', 'x');
  symlinkSync('file', at('file-link'));
  expect(await run(at('file-link'))).toMatchObject({ code: 2, stderr: expect.stringContaining('is no folder.') });
});
