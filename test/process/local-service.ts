import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/root.mjs';
import { lastLine, printedSecrets } from './printed-secrets.ts';
import { familyOf, killFamily, untilGone } from './processes.ts';

const startsWithinMs = 90_000;

export interface Start {
  readonly port: number | string;
  readonly state: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** The service as `npm start` runs it: a process of its own, with workerd below it. */
export interface LocalService {
  readonly url: string;
  /** All that it printed. */
  readonly printed: () => string;
  /** Ctrl-C: its terminal tells the whole group. @returns the exit code, once all it started is gone. */
  stop(): Promise<number | null>;
  /** SIGKILL to every process of it. */
  kill(): Promise<void>;
  /** SIGKILL to its runtime alone, as the system does where memory runs out. */
  crash(): void;
  /** SIGKILL to what runs the runtime, or to what watches over that. @returns the exit code, once all of it is gone. */
  behead(whom: 'runner' | 'guard'): Promise<number | null>;
}

const launched = new Set<number>();

/** For `afterEach`: a test that failed leaves nothing running. */
export async function killLeftovers(): Promise<void> {
  await Promise.all([...launched].map(killFamily));
  launched.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Starts the service and waits until it has said so. */
export async function startService(start: Start): Promise<LocalService> {
  const { child, printed } = launch(start);
  const pid = child.pid ?? 0;
  await untilPrinted(child, printed);
  const expectNoSecrets = () => {
    const secrets = printedSecrets({ text: printed(), settings: start.settings ?? {}, state: start.state });
    if (secrets.length > 0)
      throw new Error(`The service printed what no log may hold:\n${secrets.slice(0, 5).join('\n')}`);
  };
  return {
    url: `http://127.0.0.1:${start.port}`,
    printed,
    stop: async () => {
      const family = familyOf(pid);
      const exited = once(child, 'exit');
      process.kill(-pid, 'SIGINT');
      const [code] = await exited;
      await untilGone(family.map((member) => member.pid));
      expectNoSecrets();
      return code;
    },
    kill: async () => {
      await killFamily(pid);
      expectNoSecrets();
    },
    crash: () => {
      for (const { pid: runtime } of familyOf(pid).filter(isRuntime)) process.kill(runtime, 'SIGKILL');
    },
    behead: async (whom) => {
      const family = familyOf(pid);
      const exited = once(child, 'close');
      const runner = family.find((member) => family.some((other) => isRuntime(other) && other.parent === member.pid));
      process.kill((whom === 'runner' ? runner?.pid : runner?.parent) ?? 0, 'SIGKILL');
      const [code] = await exited;
      await untilGone(family.map((member) => member.pid));
      expectNoSecrets();
      return code;
    },
  };
}

/** Starts what cannot work, and waits for it to give up. */
export async function failToStart(start: Start): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = launch(start);
  const [code] = await once(child, 'close');
  return { code, printed: printed() };
}

const isRuntime = ({ command }: { readonly command: string }) => command === 'workerd';

const folders: string[] = [];

/** A folder for the state of a service, removed by {@link killLeftovers}. */
export function freshState(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-process-'));
  folders.push(folder);
  return folder;
}

/**
 * A port that nobody has. Below those that the system gives away by itself: it gives none of them to somebody else
 * while the service starts.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  for (;;) {
    const port = randomInt(20_000, 32_000);
    server.listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** In a process group of its own, as a terminal starts a command. */
function launch({ port, state, settings = {} }: Start): { child: ChildProcess; printed: () => string } {
  const ours = { PORT: `${port}`, FLUXGATE_STATE: state, FLUXGATE_LOG_LEVEL: 'log' };
  const env = { ...process.env, PROVIDERS: 'sandbox', ...settings, ...ours };
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], { cwd: root, env, detached: true });
  launched.add(child.pid ?? 0);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { child, printed: () => text };
}

async function untilPrinted(child: ChildProcess, printed: () => string): Promise<void> {
  const signal = AbortSignal.timeout(startsWithinMs);
  while (!printed().includes(lastLine)) {
    const isOver = child.exitCode !== null || signal.aborted;
    if (isOver) throw new Error(`The service did not start. It printed:\n${printed()}`);
    await Promise.race([once(child.stdout ?? child, 'data', { signal }).catch(() => null), once(child, 'exit')]);
  }
}
