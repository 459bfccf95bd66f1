import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { failToStart, freePort, freshState, killLeftovers, startService } from './local-service.ts';

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

  test('ends, with a sentence, when its runtime was killed and nothing answers any more', async () => {
    const service = await startService({ port: await freePort(), state: freshState() });
    const before = service.printed();
    const since = performance.now();
    expect(await service.crash()).toBe(1);
    expect(performance.now() - since).toBeLessThan(25_000);
    const lines = service.printed().slice(before.length).trim().split('\n');
    // What the service logged before, and wrangler (nothing unless tests ask it to), is not what `npm start` says.
    expect(lines.filter((line) => line !== '' && !/^(?:\{"event":|\[wrangler:)/.test(line))).toEqual([
      'The service does not answer any more and was ended. Start it again: what it accepted goes on.',
    ]);
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
