import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilSilent } from '../../scripts/silence.mjs';
import { freePort } from './local-service.ts';

/** Above any process id that a system gives: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html */
const NO_PROCESS = 2 ** 22 + 1;

test.concurrent.each([
  { name: 'died', runtimes: [NO_PROCESS] },
  { name: 'died before they were looked for', runtimes: [] },
])('a service is given up soon when its runtimes $name', async ({ runtimes }) => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, runtimes)).toBe(true);
});

test.concurrent.each([
  { name: 'that live', runtimes: [process.pid] },
  { name: 'that nobody can list', runtimes: undefined },
])('a service that does not answer may be busy while it has runtimes $name', async ({ runtimes }) => {
  expect(await givenUpWithin(10_000, `http://127.0.0.1:${await freePort()}`, runtimes)).toBe(false);
});

test.concurrent('a service that answers goes on', async () => {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  expect(await givenUpWithin(5_000, `http://127.0.0.1:${port}`, [])).toBe(false);
  server.close();
});

async function givenUpWithin(milliseconds: number, url: string, runtimes?: readonly number[]): Promise<boolean> {
  const silent = untilSilent(url, () => runtimes).then(() => true);
  return await Promise.race([silent, sleep(milliseconds, false)]);
}
