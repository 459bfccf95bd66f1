import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { key, order, untilEnded } from './bfl-tasks.ts';
import { failToStart, freePort, freshState, killLeftovers, type LocalService, startService } from './local-service.ts';

afterEach(killLeftovers);

describe('npm start', () => {
  test('prints a URL, a key and a curl line that makes a picture as it stands, beside another instance', async () => {
    const one = await startService({ port: await freePort(), state: freshState() });
    const other = await startService({ port: await freePort(), state: freshState() });

    const picture = await pictureByTheCurlLine(one.printed());
    expect(picture.url.startsWith(`${one.url}/images/`)).toBe(true);
    expect(picture.type).toBe('image/png');
    expect(picture.size).toEqual({ width: 1024, height: 1024 });
    expect(one.printed()).toContain(`answers at ${one.url}`);
    expect((await fetch(picture.url.replace(one.url, other.url))).status).toBe(404);

    expect(await one.stop()).toBe(0);
    await expect(fetch(`${one.url}/health`)).rejects.toThrow();
    expect((await fetch(`${other.url}/health`)).status).toBe(200);
    expect(await other.stop()).toBe(0);
  });

  test('goes on, with a sentence, when its runtime was killed, and finishes what it accepted', async () => {
    const settings = { DEV_API_KEY: key, SANDBOX_LATENCY_MS: '1000' };
    const service = await startService({ port: await freePort(), state: freshState(), settings });
    const accepted = await order(service.url, 1);
    const before = service.printed();
    service.crash();
    await vi.waitUntil(async () => await isHealthy(service.url), { timeout: 20_000, interval: 200 });
    expect((await untilEnded(service.url, accepted)).status).toBe('Ready');
    expect(saidSince(before, service)).toEqual(['The runtime died and was started again: what it accepted goes on.']);
    expect(await service.stop()).toBe(0);
  });

  test.each(['runner', 'guard'] as const)('ends as a whole, with a sentence, when its %s was killed', async (whom) => {
    const state = freshState();
    const service = await startService({ port: await freePort(), state });
    const before = service.printed();
    expect(await service.behead(whom)).toBe(1);
    expect(saidSince(before, service)).toEqual(['The service ended with exit code 1; what it said is above.']);
    expect(readdirSync(state)).toEqual(['v3']);
  });

  test('of two that start at once on one port, one serves and the other says why it does not', async () => {
    const port = await freePort();
    const both = await Promise.allSettled([1, 2].map(() => startService({ port, state: freshState() })));
    const told = both.map((one) => (one.status === 'fulfilled' ? 'serves' : String(one.reason)));
    expect(told.toSorted()).toEqual([expect.stringContaining(': choose another one with PORT'), 'serves']);
  });

  test('says in one sentence that its port is in use, and what to do', async () => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    await once(occupant, 'listening');
    const { code, printed } = await failToStart({ port, state: freshState() });
    occupant.close();
    expect(code).toBe(1);
    expect(printed.trim()).toBe(
      `Port ${port} is in use: choose another one with PORT, for example "PORT=${port + 1} npm start".`,
    );
  });

  test.each(['0', '65536', 'http', '80.5'])('says in one sentence that %s is no port', async (port) => {
    const { code, printed } = await failToStart({ port, state: freshState() });
    expect(code).toBe(1);
    expect(printed.trim()).toBe(`PORT must be a whole number from 1 to 65535, not "${port}".`);
  });
});

/** Without what the service logs, which is nothing unless tests ask it to. */
function saidSince(before: string, service: LocalService): readonly string[] {
  const lines = service.printed().slice(before.length).trim().split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('{"event":'));
}

const isHealthy = async (url: string) => (await fetch(`${url}/health`).catch(() => null))?.ok === true;

/** Runs the printed line in a shell, and opens the picture that it answers with. */
async function pictureByTheCurlLine(printed: string) {
  const key = /^ {2}Key +(fg_\S+)$/m.exec(printed)?.[1];
  const line = /^curl .+$/m.exec(printed)?.[0] ?? '';
  expect(key).toBeDefined();
  expect(line).toContain(`Authorization: Bearer ${key}`);
  const answer: { data: { url: string }[] } = JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' }));
  const url = answer.data[0]?.url ?? '';
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  return { url, type: response.headers.get('content-type'), size };
}
