import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { GateObjectBase } from '../../src/renders/gate-object';
import { PictureStore } from '../../src/storage/picture-store';
import { UsageLedger } from '../../src/storage/usage-ledger';
import type { Dealing, OutgoingRequest, VendorNetwork } from '../support/vendor-network';

/** Moments at which a Render object may die, in the order in which it comes by. */
export const crashPoints = [
  'before the intent is written',
  'before submit',
  'between submit and acceptance',
  'after acceptance',
  'during download',
  'before the picture is stored',
  'after the picture is stored',
  'before settle',
  'after settle',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** An order that is to be hit. */
export interface Target {
  readonly prompt: string;
  readonly fingerprint: string;
}

interface Trap {
  readonly point: CrashPoint;
  readonly target: Target;
  readonly sprung: PromiseWithResolvers<void>;
  isSprung: boolean;
}

/** Stops a render at a point, and kills its object there, memory and all: what it stored is what remains. */
export class Crashes {
  readonly #traps: Trap[] = [];

  constructor(network: VendorNetwork) {
    network.taps.add({
      before: (request) => this.#stop('before submit', ({ prompt }) => isSubmit(request, prompt)),
      after: async (dealing) => {
        const point = pointOf(dealing);
        if (point !== null) await this.#stop(point, ({ prompt }) => dealing.order.includes(prompt));
      },
    });
    this.#watch();
  }

  /** Kills the object of a render when it comes to a point. */
  async at(point: CrashPoint, target: Target): Promise<void> {
    const trap: Trap = { point, target, sprung: Promise.withResolvers<void>(), isSprung: false };
    this.#traps.push(trap);
    await trap.sprung.promise;
    const render = env.RENDERS.getByName(target.fingerprint);
    // Never awaited: the object that would answer is dead.
    runInDurableObject(render, (_, state) => state.abort('killed by a test')).catch(() => undefined);
  }

  /** Our own objects and stores, which come by no network. */
  #watch(): void {
    const stop = (point: CrashPoint, print: string | undefined) =>
      this.#stop(point, ({ fingerprint }) => fingerprint === print);
    const { acquire } = GateObjectBase.prototype;
    // Asked by RPC, it may answer later than its type says.
    const held = async function (this: GateObjectBase<Env>, ...given: Parameters<typeof acquire>) {
      await stop('before the intent is written', given[0]);
      return acquire.apply(this, given);
    };
    vi.spyOn(GateObjectBase.prototype, 'acquire').mockImplementation(held as unknown as typeof acquire);
    const { putMaster } = PictureStore.prototype;
    vi.spyOn(PictureStore.prototype, 'putMaster').mockImplementation(async function (this: PictureStore, ...given) {
      await stop('before the picture is stored', given[0]);
      const facts = await putMaster.apply(this, given);
      await stop('after the picture is stored', given[0]);
      return facts;
    });
    const { record } = UsageLedger.prototype;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      await stop('before settle', given[0][0]?.fingerprint);
      await record.apply(this, given);
      await stop('after settle', given[0][0]?.fingerprint);
    });
  }

  /** Holds whoever comes to the point of an unsprung trap, for longer than any test takes: only death ends it. */
  async #stop(point: CrashPoint, isTarget: (target: Target) => boolean): Promise<void> {
    const trap = this.#traps.find((one) => one.point === point && !one.isSprung && isTarget(one.target));
    if (trap === undefined) return;
    trap.isSprung = true;
    trap.sprung.resolve();
    await scheduler.wait(120_000);
  }
}

const isSubmit = ({ method, text }: OutgoingRequest, prompt: string) => method === 'POST' && text.includes(prompt);

function pointOf({ kind }: Dealing): CrashPoint | null {
  switch (kind) {
    case 'sold':
      return 'between submit and acceptance';
    case 'polled':
      return 'after acceptance';
    case 'downloaded':
      return 'during download';
    case 'other':
      return null;
  }
}
