import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolEnvironment } from '../../scripts/environment.mjs';
import { root, tool } from '../../scripts/root.mjs';
import { familyOf, killFamily, untilGone } from '../process/processes.ts';
import type { Setting } from './worker.ts';

const startsWithinMs = 60_000;

/** A time in which no answer can be expected, in milliseconds since 1970. */
export interface Outage {
  readonly from: number;
  /** Infinity while it lasts. */
  to: number;
}

/** The service as a process that can be killed, and started again on the same state. */
export class KillableService {
  readonly url: string;
  readonly outages: Outage[] = [];
  kills = 0;
  /** All that it printed, whichever of its processes. */
  readonly logPath: string;
  readonly #settingPath: string;
  readonly #log: WriteStream;
  #child: ChildProcess | null = null;
  #printed = '';
  #isUp = false;

  constructor(setting: Setting, folder: string) {
    this.url = `http://127.0.0.1:${setting.port}`;
    this.#settingPath = join(folder, 'setting.json');
    writeFileSync(this.#settingPath, JSON.stringify(setting), { mode: 0o600 });
    this.logPath = join(folder, 'service.log');
    this.#log = createWriteStream(this.logPath);
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const child = spawn(tool('node'), [join(root, 'test/chaos/service-process.ts'), this.#settingPath], {
      cwd: root,
      env: { ...toolEnvironment(), WRANGLER_LOG: 'error' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += this.#printed.length < 20_000 ? text : '';
        this.#log.write(text);
      });
    }
    await this.#untilHealthy(child);
    const outage = this.outages.at(-1);
    if (outage !== undefined) outage.to = Date.now();
    this.#isUp = true;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Once it answers. */
  async untilUp(): Promise<void> {
    while (!this.#isUp) await sleep(50);
  }

  /** SIGKILL to every process of it at once. */
  async kill(): Promise<void> {
    this.#isUp = false;
    this.outages.push({ from: Date.now(), to: Number.POSITIVE_INFINITY });
    this.kills += 1;
    await killFamily(this.#child?.pid ?? 0);
    this.#child = null;
  }

  /** Has it do what it does each hour, as it is an hour from now. */
  async keepHouse(): Promise<void> {
    const child = this.#child;
    if (child?.stdin == null || child.stdout === null) return;
    const kept = Promise.withResolvers<void>();
    child.stdout.on('data', (text: string) => text.includes('kept house') && kept.resolve());
    child.stdin.write('keep house\n');
    await Promise.race([kept.promise, sleep(60_000, undefined, { ref: false })]);
  }

  /** Ends it in peace, as a host that shuts down. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const family = familyOf(child.pid);
    const exited = once(child, 'exit');
    child.stdin?.end();
    await Promise.race([exited, sleep(10_000, undefined, { ref: false })]);
    if (child.exitCode === null) await killFamily(child.pid);
    await untilGone(family.map(({ pid }) => pid));
    this.#child = null;
    await new Promise<void>((resolve) => this.#log.end(resolve));
  }

  async #untilHealthy(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + startsWithinMs;
    for (;;) {
      const response = await fetch(`${this.url}/health`).catch(() => null);
      await response?.arrayBuffer();
      if (response?.ok === true) return;
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`The service did not start. It printed:\n${this.#printed}`);
      await sleep(50);
    }
  }
}
