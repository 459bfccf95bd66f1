import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilSilent } from '../../scripts/silence.mjs';
import { freePort } from './local-service.ts';

test.concurrent('a service is given up soon when it has no runtime', async () => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, () => 0)).toBe(true);
});

test.concurrent.each([
  { name: 'that lives', runtimes: 1 },
  { name: 'that nobody can list', runtimes: undefined },
])('a service that does not answer may be busy while it has a runtime $name', async ({ runtimes }) => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, () => runtimes)).toBe(false);
});

test.concurrent('a service that answers goes on', async () => {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  expect(await givenUpWithin(5_000, `http://127.0.0.1:${port}`, () => 0)).toBe(false);
  server.close();
});

async function givenUpWithin(milliseconds: number, url: string, runtimes: () => number | undefined): Promise<boolean> {
  const silent = untilSilent(url, runtimes).then(() => true);
  return await Promise.race([silent, sleep(milliseconds, false)]);
}
