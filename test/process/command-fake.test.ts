import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.mjs';
import { callFluxgate } from './support/call-command.ts';
import { fluxgate } from './support/run-command.ts';

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly json: unknown;
}
type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

const asked: Asked[] = [];
let answers: Answer[] = [];
const server = createServer(async (request, response) => {
  asked.push({
    method: request.method,
    path: request.url,
    key: request.headers.authorization,
    json: await bodyOf(request),
  });
  const [status, body, headers] = answers.shift() ?? [404, {}];
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
});
let url = '';

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = 0;
  answers = [];
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = (await request.toArray()).join('');
  return text === '' ? null : JSON.parse(text);
}

const access = () => ({ FLUXGATE_URL: url, FLUXGATE_KEY: 'fg_live_fake' });
const run = (...words: string[]) => callFluxgate(words, access());
/** In a process, whose own end tells how it went. */
const runAlone = (...words: string[]) => fluxgate(words, access());
const refused = (status: number, code: string): Answer => [status, { error: { code, message: `It is ${code}.` } }];
const page = (differences: readonly unknown[], next: string | null): Answer => [
  200,
  { object: 'reconciliation', checked: 3, differences, next },
];
const difference = { kind: 'balance', subject: 'acme', message: 'The balances differ.', expected: 5, actual: 7 };

describe('what a stored picture cost', () => {
  const headers = {
    ...{ 'x-fluxgate-picture': 'http://pictures.test/a.png', 'x-fluxgate-width': '64', 'x-fluxgate-height': '32' },
    ...{ 'x-fluxgate-seed': '7', 'x-fluxgate-source': 'hit', 'x-fluxgate-provider': 'bfl' },
  };
  const hit: Answer = [200, { id: 'task-1', cost: 5 }, headers];

  test.each([
    [5_000, /^Cost +\$0\.005: it was bought for \$0\.05$/m],
    [0, /^Cost +no purchase: it was bought for \$0\.05$/m],
  ])('is the price of a hit (%s)', async (micros, told) => {
    answers = [hit, [200, { object: 'quote', pictures: [{ stored: true, hit_micros: micros }], total_micros: micros }]];
    expect((await run('render', 'fox')).stdout).toMatch(told);
    expect(asked.map(({ path }) => path)).toEqual([expect.any(String), expect.stringMatching(/^\/v1\/quote/)]);
  });

  test('is not known where nobody tells', async () => {
    answers = [hit, refused(404, 'not_found')];
    expect((await run('render', 'fox')).stdout).toMatch(/^Cost +no purchase/m);
  });
});

describe('exit codes', () => {
  test.each([
    [3, 401, 'unauthenticated'],
    [3, 403, 'forbidden'],
    [4, 402, 'insufficient_credit'],
    [2, 400, 'invalid_request'],
    [1, 404, 'not_found'],
  ])('%i: the service answered %i %s', async (code, status, name) => {
    answers = [refused(status, name)];
    const ran = await runAlone('balance');
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(new RegExp(`^✗ It is ${name}\\.`));
    expect(ran.stdout).toBe('');
  });

  test('5: nobody is there', async () => {
    const ran = await runAlone('--url', 'http://127.0.0.1:1', 'balance');
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain('http://127.0.0.1:1 cannot be reached.');
    expect(ran.stderr).toContain('npm start');
  });

  test.each(['notaurl', 'localhost:8787', 'ftp://127.0.0.1', 'http://', '', ' ', 'http://user:word@127.0.0.1', `/v1`])(
    '2: no service is at "%s", whoever says so',
    async (address) => {
      const expected =
        'expected the address of a service, such as https://pictures.example.com or http://127.0.0.1:8787.';
      const shown = address.replace('user:word', '…');
      const asOption = await run('--url', address, 'balance');
      expect(asOption).toEqual({ code: 2, stdout: '', stderr: `✗ --url is "${shown}": ${expected}\n` });
      const inJson = await run('--url', address, '--json', 'balance');
      expect([inJson.code, JSON.parse(inJson.stderr).error.message]).toEqual([2, expect.stringContaining(expected)]);
      if (address === '') return;
      const asVariable = await callFluxgate(['balance'], { FLUXGATE_URL: address, FLUXGATE_KEY: 'fg_live_fake' });
      expect(asVariable).toMatchObject({ code: 2, stderr: `✗ FLUXGATE_URL is "${shown}": ${expected}\n` });
    },
  );

  test('a path is part of an address, and a slash at its end changes nothing', async () => {
    answers = [refused(401, 'unauthenticated')];
    await run('--url', ` ${url}/pictures/ `, 'balance');
    expect(asked.map(({ path }) => path)).toEqual(['/pictures/v1/balance']);
  });

  test.each([
    ['rendr', 'Did you mean render?'],
    ['keys creat acme', 'Did you mean create?'],
    ['usage --dayz 3', 'Did you mean --days?'],
    ['render', "Missing required argument 'prompt'."],
    ['render fox --steps 99', 'Expected a whole number from 1 to 50.'],
    ['render fox -o fox.gif', 'expected .png, .jpg or .webp'],
    ['render fox -r /no/such/file.png', '/no/such/file.png cannot be read'],
    ['credits add acme lots', 'Expected dollars, such as 25 or 0.05.'],
    ['purge fox', 'names no picture'],
    ['accounts limits acme', 'Say what to change'],
  ])('2: "%s" is not understood, before anything is asked', async (line, sentence) => {
    const ran = await run(...line.split(' '));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(sentence);
    expect(asked).toEqual([]);
  });

  test('0: help, for each command with examples', async () => {
    const help = await runAlone('--help');
    expect(help.code).toBe(0);
    const names = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
    expect(names).toEqual(
      expect.arrayContaining(['render', 'quote', 'usage', 'accounts', 'keys', 'credits', 'reconcile']),
    );
    for (const words of [
      ['render'],
      ['quote'],
      ['usage'],
      ['tasks'],
      ['keys', 'create'],
      ['credits', 'add'],
      ['reconcile'],
    ]) {
      const { code, stdout } = await run(...words, '--help');
      expect([words, code]).toEqual([words, 0]);
      expect(stdout).toContain(`Examples:\n  $ fluxgate ${words.join(' ')}`);
      expect(stdout).toContain('--json');
    }
    expect(asked).toEqual([]);
  });
});

describe('purge', () => {
  const print = 'f'.repeat(64);
  const purged = { object: 'purge', fingerprint: print, objects: 3, bytes: 2_048, edge_cache: 'absent' };

  test.each([
    [[], `/v1/pictures/${print}`],
    [['--admin'], `/v1/admin/pictures/${print}`],
  ])('with %j asks once, at %s', async (words, path) => {
    answers = [[200, purged]];
    const ran = await run('purge', print, ...words);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining(`${print} is gone: 3 files`), stderr: '' });
    expect(asked.map(({ method, path: at }) => [method, at])).toEqual([['DELETE', path]]);
  });

  test.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
  ])('that is refused with %i says how admins do it, and tries no other way', async (status, code) => {
    answers = [refused(status, code), refused(status, code), refused(status, code)];
    const ran = await run('purge', print);
    expect([ran.code, asked.length]).toEqual([3, 1]);
    expect(ran.stderr).toContain(`✗ It is ${code}. Admins delete any picture with --admin.\n`);
    const inJson = JSON.parse((await run('purge', print, '--json')).stderr);
    expect(inJson).toMatchObject({ error: { code, status, message: expect.stringContaining('--admin') } });
    expect((await run('purge', print, '--admin')).stderr).toContain(`✗ It is ${code}.\n`);
  });

  test('of what is not there is not said to be for admins', async () => {
    answers = [refused(404, 'not_found')];
    expect(await run('purge', print)).toMatchObject({ code: 1, stderr: '✗ It is not_found.\n' });
  });

  test('of what was deleted before says that nothing was left', async () => {
    answers = [[200, { ...purged, objects: 0, bytes: 0 }]];
    const ran = await run('purge', print, '--admin');
    expect(ran).toEqual({ code: 0, stdout: `${print} had no files any more.\n`, stderr: '' });
  });
});

describe('reconcile', () => {
  test('reads every page of both, and says that nothing differs', async () => {
    answers = [page([], 'a'), page([], null), page([], null)];
    const ran = await run('reconcile');
    expect(ran).toEqual({ code: 0, stdout: '✓ 6 accounts and 3 pictures checked: nothing differs.\n', stderr: '' });
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/admin/reconcile/accounts',
      '/v1/admin/reconcile/accounts?cursor=a',
      '/v1/admin/reconcile/pictures',
    ]);
  });

  test('prints each difference, and exits with 6', async () => {
    answers = [page([difference], null), page([], null)];
    const ran = await runAlone('reconcile');
    expect(ran.code).toBe(6);
    expect(ran.stdout).toContain('balance  acme\n  The balances differ.\n  expected 5, found 7');
    expect(ran.stdout).toContain('3 accounts and 3 pictures checked: 1 difference.');
    answers = [page([difference], null), page([], null)];
    const inJson = await run('reconcile', '--json');
    expect(inJson.code).toBe(6);
    expect(JSON.parse(inJson.stdout)).toEqual({ checked: { accounts: 3, pictures: 3 }, differences: [difference] });
  });
});

describe('restore', () => {
  const restored = (checked: number, amount: number, next: string | null): Answer => {
    return [200, { object: 'restoration', checked, restored: amount, next }];
  };

  test('of the ledger lists every page of pictures, and then asks the accounts', async () => {
    answers = [restored(50, 50, 'a'), restored(3, 2, null), restored(4, 1, null)];
    const ran = await run('restore', 'ledger');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe(
      '53 pictures checked: 52 had no row, and are listed again.\n4 accounts checked: 1 had spent what the ledger did not have.\n',
    );
    expect(asked.map(({ method, path, json }) => [method, path, json])).toEqual([
      ['POST', '/v1/admin/restore/listing', { cursor: null }],
      ['POST', '/v1/admin/restore/listing', { cursor: 'a' }],
      ['POST', '/v1/admin/restore/accounts', { cursor: null }],
    ]);
  });

  test('of the pictures tells how many are gone', async () => {
    answers = [restored(7, 2, null)];
    const ran = await run('restore', 'pictures', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({ missing: { checked: 7, restored: 2 } });
    expect(asked.map(({ path }) => path)).toEqual(['/v1/admin/restore/missing']);
  });
});

describe('what is sent', () => {
  test('is what the options say, with money in millionths', async () => {
    answers = [[201, { entries: [{ micros: 25_000_000 }, { micros: -1_250_000 }], balance_micros: 30_000_000 }]];
    const ran = await run('credits', 'add', 'acme', '25', '--fee', '5', '--once', 'invoice-42', '--note', 'November');
    expect(ran.stdout).toBe('acme was credited $23.75, and has $30.00.\n');
    expect(asked).toEqual([
      {
        ...{ method: 'POST', path: '/v1/admin/accounts/acme/credits', key: 'Bearer fg_live_fake' },
        json: { kind: 'top_up', micros: 25_000_000, fee_percent: 5, note: 'November' },
      },
    ]);
  });

  test('never is the development key to a service elsewhere', async () => {
    const balanceAt = (address: string) => {
      answers = [refused(401, 'unauthenticated')];
      return fluxgate(['--url', address, 'balance'], { DEV_API_KEY: 'fg_dev_secret' });
    };
    // Leads to the same server, but is no address of this machine alone.
    const ran = await balanceAt(url.replace('127.0.0.1', '0.0.0.0'));
    expect([ran.code, asked.length, asked[0]?.key]).toEqual([3, 1, undefined]);
    await balanceAt(url);
    expect(asked.at(-1)?.key).toBe('Bearer fg_dev_secret');
  });

  test('tells an error in JSON where JSON is wanted', async () => {
    answers = [refused(402, 'insufficient_credit')];
    const ran = await run('balance', '--json');
    expect(ran.code).toBe(4);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: 'insufficient_credit', status: 402, message: 'It is insufficient_credit.' },
    });
  });
});

test('who reads no further ends it quietly', async () => {
  const child = spawn(process.execPath, [join(root, 'scripts/fluxgate.mjs'), '--help']);
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, said]).toEqual([0, '']);
});
