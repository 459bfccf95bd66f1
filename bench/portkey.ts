import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../scripts/guarded.mjs';

/** Raised by hand: what a gateway adds should not change under us. */
const version = '1.15.2';
const startMs = 15_000;

/** The gateway that a user might pick instead, or why it is not here. */
export type Portkey =
  | { readonly kind: 'running'; readonly url: string; stop(): void }
  | { readonly kind: 'absent'; readonly why: string };

/** Installs it into a folder that goes with this process, and starts it. Its install scripts are not run. */
export async function startPortkey(): Promise<Portkey> {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-portkey-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const { code } = await run(['npm', 'install', ...flags, `@portkey-ai/gateway@${version}`], { env: process.env });
  if (code !== 0) return { kind: 'absent', why: `@portkey-ai/gateway@${version} could not be installed: no registry?` };
  const port = await freePort();
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = spawn(process.execPath, [script, `--port=${port}`, '--headless'], { stdio: 'ignore' });
  process.once('exit', () => child.kill());
  const url = `http://127.0.0.1:${port}`;
  if (await isUp(url, child)) return { kind: 'running', url, stop: () => child.kill() };
  child.kill();
  return { kind: 'absent', why: `@portkey-ai/gateway@${version} did not start.` };
}

async function isUp(url: string, child: ChildProcess): Promise<boolean> {
  const endAt = performance.now() + startMs;
  while (performance.now() < endAt && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return true;
    await sleep(100);
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
