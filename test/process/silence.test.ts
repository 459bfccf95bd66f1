import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilSilent } from '../../scripts/silence.mjs';
import { freePort } from './local-service.ts';

test.each([
  { name: 'one of two died', runtimes: [[process.pid, process.ppid], [process.pid]] },
  { name: 'all died', runtimes: [[process.pid], []] },
  { name: 'they died before they were looked for', runtimes: [[]] },
])('a service is given up soon when $name', async ({ runtimes }) => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, runtimes)).toBe(true);
});

test.each([
  { name: 'it has runtimes that live', runtimes: [[process.pid]] },
  { name: 'new ones were started', runtimes: [[process.pid], [process.ppid]] },
  { name: 'nobody can list them', runtimes: [undefined] },
])('a service that does not answer may be busy while $name', async ({ runtimes }) => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, runtimes)).toBe(false);
});

test('a service that answers goes on', async () => {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  expect(await givenUpWithin(5_000, `http://127.0.0.1:${port}`, [[]])).toBe(false);
  server.close();
});

/** @param runtimes what is listed, one time after the other; then the last of it */
async function givenUpWithin(
  milliseconds: number,
  url: string,
  [...runtimes]: readonly (readonly number[] | undefined)[],
): Promise<boolean> {
  const next = () => (runtimes.length > 1 ? runtimes.shift() : runtimes[0]);
  const silent = untilSilent(url, next).then(() => true);
  return await Promise.race([silent, sleep(milliseconds, false)]);
}
