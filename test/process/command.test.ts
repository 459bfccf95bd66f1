import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callFluxgate } from './support/call-command.ts';
import { fluxgate } from './support/run-command.ts';
import { printedBy } from './support/run-program.ts';
import { type SharedService, sharedService } from './support/use-shared-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-command-'));
const at = (name: string) => join(folder, name);
let service: SharedService;

beforeAll(async () => {
  service = await sharedService();
});
afterAll(() => rmSync(folder, { recursive: true }));

const access = () => ({ DEV_API_KEY: service.key, FLUXGATE_URL: service.url });
const run = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  callFluxgate(words, { ...access(), ...variables });
/** In a process, with pipes to it. */
const runAlone = (words: readonly string[]) => fluxgate(words, access());
const answer = async (...words: string[]) => JSON.parse(printedBy(await run([...words, '--json'])));
const print = async (...words: string[]) => printedBy(await run(words));

describe('render', () => {
  const small = ['--size', '128x64', '--steps', '4', '--no-upsampling'];

  test('saves the picture in the format of its file, and says what it was', async () => {
    const ran = await runAlone(['render', 'command: file', ...small, '--seed', '7', '-o', at('new/fox.png')]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const bytes = readFileSync(at('new/fox.png'));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([128, 64]);
    expect(ran.stdout).toContain(`${at('new/fox.png')}  128×64 png`);
    expect(ran.stdout).toMatch(/^URL +http\S+\.png$/m);
    expect(ran.stdout).toMatch(/^Seed +7$/m);
    expect(ran.stdout).toMatch(/^Source +bought: made just now, by sandbox \(no vendor was asked\)$/m);
    expect(ran.stdout).toMatch(/^Cost +\$\d+\.\d{2,6}$/m);
    expect(await print('render', 'command: file', ...small, '--seed', '7')).toMatch(/^Source +hit: stored already/m);
  });

  test('answers in JSON, and edits a file', async () => {
    writeFileSync(at('reference.png'), readFileSync(at('new/fox.png')));
    const words = ['render', 'command: edit', ...small, '-r', at('reference.png'), '-o', at('edited.webp')];
    const picture = await answer(...words);
    expect(picture).toMatchObject({
      width: 128,
      height: 64,
      contentType: 'image/webp',
      source: 'bought',
      file: at('edited.webp'),
    });
    expect(readFileSync(at('edited.webp')).subarray(8, 12).toString()).toBe('WEBP');
    expect(
      await answer('quote', 'command: edit', ...small, '-r', at('reference.png'), '--seed', `${picture.seed}`),
    ).toMatchObject({
      totalMicros: 0,
      pictures: [{ stored: true, fingerprint: picture.fingerprint }],
    });
  });

  test('prints nothing but the file or the URL when it is to be quiet', async () => {
    expect(await print('render', 'command: quiet', ...small, '-q', '-o', at('quiet.jpg'))).toBe(`${at('quiet.jpg')}\n`);
    expect(await print('render', 'command: quiet', ...small, '-q')).toMatch(/^http:\S+\n$/);
  });

  test('fails with what became of the picture', async () => {
    const ran = await runAlone(['render', 'command: sandbox:moderated-output', ...small]);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toMatch(/^✗ .*moderated.*\n/);
    const bad = await run(['render', 'command: bad', '--size', '32x32']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('width: expected a whole number from 64 to 4096 pixels.');
  });
});

describe('accounts, keys and money', () => {
  test('go round: an account, its key, a purchase by it, and what is left', async () => {
    const account = await answer('accounts', 'create', 'Acme', '--id', 'acme', '--prepaid', '--month', '100');
    expect(account).toMatchObject({ id: 'acme', limits: { prepaid: true, monthMicros: 100_000_000 } });
    const key = (await print('keys', 'create', 'acme', '--name', 'server', '-q')).trim();
    expect(key).toMatch(/^fg_live_/);
    const asAcme = (...words: string[]) => run(words, { FLUXGATE_KEY: key });

    const broke = await asAcme('render', 'command: acme', '--size', '64x64');
    expect([broke.code, broke.stdout]).toEqual([4, '']);
    expect(await print('credits', 'add', 'acme', '10', '--fee', '0', '--once', 'first')).toContain('has $10.00');
    expect(await print('credits', 'add', 'acme', '10', '--fee', '0', '--once', 'first')).toContain('has $10.00');
    expect((await asAcme('render', 'command: acme', '--size', '64x64')).code).toBe(0);

    const { balanceMicros } = JSON.parse(printedBy(await asAcme('balance', '--json')));
    expect(balanceMicros).toBeGreaterThan(0);
    expect(balanceMicros).toBeLessThan(10_000_000);
    expect(printedBy(await asAcme('balance'))).toMatch(/^Balance +\$9\.\d+$/m);
    expect(await print('accounts', 'list')).toMatch(/^acme +Acme +public +yes/m);
    expect(await print('credits', 'list', 'acme')).toMatch(/top-up +\$10\.00/);
  });

  test('a key is listed without its secret, rotated and revoked', async () => {
    const made = await answer('keys', 'create', 'acme', '--name', 'to rotate', '--scopes', 'read');
    const list = await run(['keys', 'list', 'acme']);
    expect(list.stdout).toContain(made.id);
    expect(list.stdout).not.toContain(made.key);
    const rotated = await answer('keys', 'rotate', made.id, '--overlap', '0');
    expect(rotated.key).not.toBe(made.key);
    expect((await run(['balance'], { FLUXGATE_KEY: rotated.key })).code).toBe(0);
    expect((await run(['accounts', 'list'], { FLUXGATE_KEY: rotated.key })).code).toBe(3);
    expect(await print('keys', 'revoke', rotated.id)).toContain('is revoked');
    expect((await run(['balance'], { FLUXGATE_KEY: 'fg_live_nobody' })).code).toBe(3);
  });
});

describe('reports', () => {
  test('usage is a table with a chart, JSON or CSV', async () => {
    const usage = await answer('usage', '--days', '7', '--group', 'provider');
    expect(usage.totals.purchases).toBeGreaterThan(0);
    expect(usage.groups.map(({ provider }: { provider: string | null }) => provider)).toContain('sandbox');
    const table = await print('usage', '--days', '7');
    expect(table).toMatch(/^day +bought +failed +hits +joins +saved +spent$/m);
    expect(table).toMatch(/^\d{4}-\d\d-\d\d .*█/m);
    expect((await print('usage', '--csv', '--group', 'day,provider')).split('\n')[0]).toMatch(
      /^day,provider,purchases/,
    );
  });

  test('tasks are listed, a page at a time', async () => {
    const first = await answer('tasks', '--limit', '1');
    expect(first.data).toHaveLength(1);
    const second = await answer('tasks', '--limit', '1', '--cursor', first.next);
    expect(second.data[0].id).not.toBe(first.data[0].id);
    const { purchase } = first.data[0];
    expect(purchase).toMatch(/^[0-9a-f]{64}-\d+$/);
    expect(await print('tasks')).not.toContain(purchase);
    expect(await print('tasks', '--wide')).toContain(purchase);
    expect(await print('tasks', '--status', 'ready')).toContain('sandbox');
  });

  test('no colour and no progress is in what is piped', async () => {
    for (const words of [
      ['usage'],
      ['tasks'],
      ['balance'],
      ['reconcile'],
      ['render', 'command: plain', '--size', '64x64'],
    ]) {
      const { stdout, stderr } = await runAlone(words);
      expect([words, `${stdout}${stderr}`.includes(String.fromCharCode(27))]).toEqual([words, false]);
      expect(stdout).not.toBe('');
    }
  });

  test('the books agree', async () => {
    const ran = await run(['reconcile']);
    expect(ran.stdout).toMatch(/^✓ \d+ accounts? and \d+ pictures checked: nothing differs\.\n$/);
    expect(ran.code).toBe(0);
  });
});

describe('a stored picture', () => {
  test('is made again, and purged', async () => {
    const { fingerprint, url } = await answer('render', 'command: purge', '--size', '64x64');
    expect(await print('rerender', url)).toContain(`${fingerprint} came out`);
    expect(await print('purge', url)).toContain(`${fingerprint} is gone`);
    expect((await fetch(url)).status).toBe(404);
    expect((await run(['purge', 'f'.repeat(64)], { FLUXGATE_KEY: 'fg_live_nobody' })).code).toBe(3);
  });
});

describe('an account without the rights of an administrator', () => {
  test('that never was is not said to be purged, and one that was may be twice', async () => {
    for (const words of [[], ['--admin']]) {
      const ran = await run(['purge', '0'.repeat(64), ...words]);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: '✗ There is no such picture.\n' });
    }
    const { fingerprint } = await answer('render', 'command: purged twice', '--size', '64x64');
    expect(await print('purge', fingerprint, '--admin')).toContain(`${fingerprint} is gone`);
    expect(await print('purge', fingerprint, '--admin')).toBe(`${fingerprint} had no files any more.\n`);
  });

  test('lists its own keys with what they spent, and purges what it bought', async () => {
    await run(['accounts', 'create', 'Humble', '--id', 'humble']);
    const { id, key } = await answer('keys', 'create', 'humble', '--name', 'own', '--day', '2');
    const own = { FLUXGATE_KEY: key };
    const rendered = await run(['render', 'command: own purge', '--size', '64x64', '--json'], own);
    const { fingerprint, url } = JSON.parse(printedBy(rendered));
    const listed = JSON.parse(printedBy(await run(['keys', 'list', '--json'], own)));
    expect(listed).toMatchObject([{ id, name: 'own', limits: { dayMicros: 2_000_000 } }]);
    expect(listed[0].spent.everMicros).toBeGreaterThan(0);
    expect(printedBy(await run(['keys', 'list'], own))).toMatch(/\$0\.\d+ of \$2\.00/);
    expect((await run(['keys', 'list', 'acme'], own)).code).toBe(3);
    expect(printedBy(await run(['purge', url], own))).toContain(`${fingerprint} is gone`);
    expect((await run(['purge', url], own)).code).not.toBe(0);
    const again = JSON.parse(printedBy(await run(['render', 'command: own purge', '--size', '64x64', '--json'], own)));
    const other = await run(['purge', again.url]);
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('--admin')]);
    expect((await run(['purge', again.url, '--admin'], own)).code).toBe(3);
    expect(await print('purge', again.url, '--admin')).toContain('is gone');
  });
});

describe('what a site needs', () => {
  test('a link, signed offline, is a picture', async () => {
    await run(['accounts', 'create', 'command-site', '--id', 'command-site']);
    const { id, key } = await answer('keys', 'create', 'command-site', '--name', 'links', '--link');
    const words = ['link', 'command: a linked fox', '--size', '128x64', '--expires', '1d'];
    const ran = await run(words, { FLUXGATE_LINK_KEY: id, FLUXGATE_LINK_SECRET: key });
    expect(ran.stdout).toMatch(/^http\S+\/i\/command-a-linked-fox\.jpg\?exp=\d+&\S+&sig=\S+\n$/);
    const response = await fetch(ran.stdout.trim());
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(response.headers.get('x-fluxgate-width')).toBe('128');
    const changed = await fetch(ran.stdout.trim().replace('fox', 'cat'));
    expect(changed.status).toBe(403);
  });

  test('a link says all that a link can, and nothing that is always refused', async () => {
    const keys = ['--link-key', 'key_1', '--link-secret', 'y'];
    const words = [
      '--w',
      '480',
      '--max',
      '0.05',
      '--onmiss',
      '202',
      '--onfail',
      'placeholder',
      '--slug',
      'fox.1',
      '--format',
      'webp',
    ];
    const { url } = await answer('link', 'x', ...words, ...keys);
    const { pathname, searchParams } = new URL(url);
    const { sig: _, ...query } = Object.fromEntries(searchParams);
    expect([pathname, query]).toEqual([
      '/i/fox.1.webp',
      { prompt: 'x', key: 'key_1', w: '480', max: '50000', onmiss: '202', onfail: 'placeholder' },
    ]);
    for (const [wrong, sentence] of [
      [['--w', '500'], 'Expected one of 16, 32'],
      [['--slug', 'a/b'], 'letters, digits'],
      [['--size', '32x64'], '64 to 4096'],
      [['--size', '4096x4096'], '4 megapixels'],
      [['--format', 'gif'], 'Allowed choices are png'],
      [['--onmiss', 'never'], 'Allowed choices are wait'],
      [['--provider', 'bfl'], '--provider'],
      [['--nearest'], '--nearest'],
      [['--max', '-1'], 'Expected dollars, such as 25 or 0.05, and no fewer than none.'],
      [['--expires', '2020-01-01'], 'Expected a time to come, such as 30d, 12h or'],
    ] as const)
      expect(await run(['link', 'x', ...wrong, ...keys])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(sentence),
      });
  });

  test.each(['', ' \n', '{}'])('a link of an empty prompt is not signed: %j', async (prompt) => {
    const ran = await run(['link', prompt, '--link-key', 'key_1', '--link-secret', 'y']);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('The prompt is empty') });
  });

  test('a link without its key is not guessed', async () => {
    const ran = await run(['link', 'command: no key']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('FLUXGATE_LINK_SECRET');
    writeFileSync(at('own.png'), 'x');
    const file = await run(['link', 'x', '-r', at('own.png'), '--link-key', 'key_1', '--link-secret', 'y']);
    expect(file.stderr).toContain('https URLs');
  });

  test('the script is named with its integrity', async () => {
    const { src, integrity } = await answer('embed');
    expect(await print('embed')).toBe(
      `<script type="module" src="${src}" integrity="${integrity}" crossorigin></script>\n`,
    );
    const response = await fetch(src);
    expect(response.headers.get('cache-control')).toContain('immutable');
    // The browser checks it: nothing is run that is not this.
    const { body } = await fetch(src, { integrity });
    expect(body).not.toBeNull();
  });
});
