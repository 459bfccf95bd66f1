import { DurableObject } from 'cloudflare:workers';
import type { FaultRecord } from '../core/fault';
import { advance } from './advance';
import { Audience } from './audience';
import { failedBefore, restingFault } from './failed-before';
import { tellGate } from './gate-report';
import { JoinDesk } from './join-desk';
import { Joiners } from './joiners';
import { Nap } from './nap';
import { atDeadline, collect, poll, providerNamed, route, stop, submit } from './perform';
import { beginRecord, isOver, isStopped, isWorthKeeping, isWorthStoring, knownEnd, stepDueAt } from './record-keeping';
import type { RenderEvent } from './render-event';
import type { JoinAnswer, JoinRequest, RenderPorts, WebhookRecord } from './render-ports';
import type { RenderRecord } from './render-record';
import { type RenderView, viewOf } from './render-view';
import { TaskRows } from './task-rows';
import { tellDue, tellDueAt } from './tell';

/** How long the end of a render without a picture is remembered for its tasks. */
const retentionMs = 24 * 3_600_000;
const recordKey = 'render';

/**
 * The making of one fingerprint. The pure state machine (`advance`) decides, this class stores and performs.
 * One alarm drives it: it may be killed at any moment and goes on from the row it stored last.
 */
export abstract class RenderObjectBase<Env> extends DurableObject<Env> {
  protected abstract readonly ports: RenderPorts;
  readonly #audience = new Audience();
  readonly #webhooks = new TaskRows<WebhookRecord>(this.ctx.storage.kv, 'webhook:');
  readonly #joiners = new Joiners(this.ctx.storage.kv);
  readonly #desk = new JoinDesk(this.#joiners);
  readonly #nap = new Nap();
  #record: RenderRecord | null;
  #turn: Promise<unknown> = Promise.resolve();
  #bytesAtHand: Uint8Array<ArrayBuffer> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#record = ctx.storage.kv.get<RenderRecord>(recordKey) ?? null;
  }

  /** Makes the picture, or joins its making. */
  join(request: JoinRequest): Promise<JoinAnswer> {
    const answer = this.#inTurn(() => this.#join(request));
    return this.#desk.waitWith(request, answer);
  }

  /** How the render looks to one task; null when this object knows nothing of it (any more). */
  view(generation: number, nonce: string): RenderView | null {
    return this.#record && viewOf(this.#record, generation, this.#joiners.hasLeft(this.#record, nonce));
  }

  /** Whether an attempt that this buyer (null: anybody) began goes on, or is not in the ledger yet. */
  isUnderWay(nonce: string | null): boolean {
    if (this.#record === null || isOver(this.#record)) return false;
    return nonce === null || this.#record.buyer.nonce === nonce;
  }

  /** The failure of the account's last attempt, while that is to rest; null: another one may begin. */
  restingFault(accountId: string, restMs: number): FaultRecord | null {
    return this.#record && restingFault(this.#record, { accountId, restMs, now: Date.now() });
  }

  /** As {@link view}, once the render has ended for this task or `timeoutMs` is over. */
  async wait(generation: number, nonce: string, timeoutMs: number): Promise<RenderView | null> {
    return await this.#audience.waitUntilEnded(() => this.view(generation, nonce), timeoutMs);
  }

  /** Every change for one task, as lines of JSON ({@link RenderView}); ends by itself. */
  watch(generation: number, nonce: string): ReadableStream<Uint8Array> {
    return this.#audience.watch(() => this.view(generation, nonce));
  }

  /** Remembers where to tell that the task ended, or tells it now where it has. That it began is told once, aside. */
  async addWebhook(webhook: WebhookRecord): Promise<void> {
    if (webhook.moment === 'start') {
      this.ctx.waitUntil(this.ports.tell(webhook, this.view(webhook.generation, webhook.nonce)));
      return;
    }
    this.#webhooks.keep(webhook.nonce, webhook);
    if (this.#record === null || isOver(this.#record)) await this.ctx.storage.setAlarm(Date.now());
  }

  /** Takes one task off the render; the last one to leave stops it, where that is still possible. */
  cancel(generation: number, nonce: string): Promise<RenderView | null> {
    return this.#inTurn(() => this.#cancel(generation, nonce));
  }

  /** Runs until the render sleeps or is over. Never throws: the platform gives up on an alarm that does. */
  override async alarm(): Promise<void> {
    try {
      if (this.#record?.phase.name === 'submitting') this.#apply({ kind: 'woke' });
      await this.#drive();
    } catch (thrown) {
      this.ports.log('render-threw', { cause: thrown instanceof Error ? thrown.stack : String(thrown) });
      await this.ctx.storage.setAlarm(Date.now() + 5_000);
    }
  }

  /** One after the other: two can never both begin, and nobody joins what is just being stopped. */
  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#turn.then(work);
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #cancel(generation: number, nonce: string): Promise<RenderView | null> {
    const record = this.#record;
    if (record?.generation !== generation) return this.view(generation, nonce);
    if (knownEnd(record) !== null || this.#joiners.hasLeft(record, nonce)) return this.view(generation, nonce);
    if (nonce === record.buyer.nonce) this.#write({ ...record, cancelled: [...record.cancelled, nonce] });
    else await this.#desk.leave(record, nonce, this.ports);
    this.#audience.announce();
    await this.#stopIfLeft();
    return this.view(generation, nonce);
  }

  async #join(request: JoinRequest): Promise<JoinAnswer> {
    // What was stopped cannot be joined: once the ledger has it, a new attempt begins.
    if (this.#record !== null && isStopped(this.#record)) await this.#settle();
    const current = this.#record;
    const known = this.#desk.answerOf(request) ?? (current && this.#joiners.answerAgain(current, request.buyer.nonce));
    if (known !== null) return known;
    if (current !== null && !isOver(current)) {
      // Its joiners are being counted: who comes later finds the picture in the store.
      if (knownEnd(current)?.outcome === 'ready') return { kind: 'stored' };
      return await this.#desk.admit(request, () => this.#record ?? current, this.ports);
    }
    const isWanted = request.replaces !== undefined;
    if (!isWanted && (await this.ports.storedFacts(request.fingerprint)) !== null) return { kind: 'stored' };
    const failed = failedBefore(this.#record, request, Date.now());
    if (failed !== null) return failed;
    const record = beginRecord(request, this.#record, { now: Date.now(), deadlineMs: this.ports.deadlineMs });
    const refusal = await this.ports.reserve(record, request.spending);
    if (refusal !== null) return { kind: 'refused', fault: refusal };
    if (current !== null) this.#joiners.clear();
    this.#write(record);
    await this.ctx.storage.setAlarm(Date.now());
    return { kind: 'bought', generation: record.generation };
  }

  async #drive(): Promise<void> {
    for (;;) {
      const dueAt = this.#dueAt();
      if (dueAt === null) return await this.#rest();
      if (!(await this.#nap.until(dueAt))) return await this.ctx.storage.setAlarm(dueAt);
      if (this.#record === null || isOver(this.#record)) await tellDue(this.#webhooks, this, this.ports);
      else await this.#step(this.#record);
    }
  }

  /** When there is something to do next: a step of the render, after it the webhooks; null when there is nothing. */
  #dueAt(): number | null {
    if (this.#record !== null && !isOver(this.#record)) return stepDueAt(this.#record);
    return tellDueAt(this.#webhooks);
  }

  async #step(record: RenderRecord): Promise<void> {
    const { phase } = record;
    const late = await atDeadline(record, this.ports, this.#bytesAtHand);
    if (late !== null) return this.#apply(late);
    switch (phase.name) {
      case 'queued':
        this.#apply(await route(record, phase, this.ports));
        return await this.#submit();
      case 'following':
        return this.#apply(
          await poll(record, phase, await providerNamed(phase.provider, record, this.ports), this.ports),
        );
      case 'collecting': {
        const provider = await providerNamed(phase.provider, record, this.ports);
        const event = await collect(record, phase, provider, this.ports, this.#bytesAtHand);
        this.#bytesAtHand = null;
        return this.#apply(event);
      }
      case 'settling':
        // Whose turn it is may be having money set aside: once that is done, nobody does any more.
        await this.#inTurn(() => Promise.resolve());
        return await this.#settle();
    }
  }

  /** The fence: `submitting` was written by the step before, and the write is on disk before anything is sent. */
  async #submit(): Promise<void> {
    const record = this.#record;
    if (record?.phase.name !== 'submitting') return;
    const provider = await providerNamed(record.phase.provider, record, this.ports);
    await this.ctx.storage.sync();
    const submission = await submit(record, provider, this.ports);
    if (submission.kind === 'done') this.#bytesAtHand = submission.bytes;
    this.#apply(submission);
    // Whoever left while it was being sent could not stop it.
    await this.#inTurn(() => this.#stopIfLeft());
  }

  async #settle(): Promise<void> {
    const record = this.#record;
    if (record?.phase.name !== 'settling') return;
    try {
      await this.ports.settle({ record, ending: record.phase.ending, joiners: this.#joiners.staying(record) });
      this.#apply({ kind: 'settled' });
    } catch (thrown) {
      this.ports.log('settle-error', { fingerprint: record.fingerprint, cause: String(thrown) });
      this.#apply({ kind: 'settle-error' });
    }
  }

  /** Stops a render that all its tasks have left, where that is still possible. */
  async #stopIfLeft(): Promise<void> {
    const record = this.#record;
    if (record === null || !this.#joiners.allLeft(record)) return;
    if (record.phase.name === 'queued') this.#apply({ kind: 'stopped' });
    if (record.phase.name === 'following') {
      const provider = await providerNamed(record.phase.provider, record, this.ports);
      if (await stop(record.phase, provider, this.ports)) this.#apply({ kind: 'stopped' });
    }
    this.#nap.cutShort();
    await this.ctx.storage.setAlarm(Date.now());
  }

  /** Over: a picture needs nothing more from this object, an end without one is remembered for a day. */
  async #rest(): Promise<void> {
    if (this.#record?.phase.name === 'ended') {
      const { endedAt } = this.#record.phase.ending;
      const forgetAt = endedAt + (isWorthKeeping(this.#record, this.#joiners) ? retentionMs : 0);
      if (Date.now() < forgetAt) return await this.ctx.storage.setAlarm(forgetAt);
    }
    this.#record = null;
    await this.ctx.storage.deleteAll();
  }

  #apply(event: RenderEvent): void {
    const before = this.#record;
    if (before === null) return;
    const { draw, rebuysUnknown } = this.ports;
    const after = advance(before, event, { now: Date.now(), jitter: draw(), rebuysUnknown });
    if (after === before) return;
    if (isWorthStoring(before, after, { joiners: this.#joiners, webhooks: this.#webhooks })) this.#write(after);
    else this.#record = after;
    this.ctx.waitUntil(tellGate(this.ports, before, event));
    this.#audience.announce();
  }

  #write(record: RenderRecord): void {
    this.#record = record;
    this.ctx.storage.kv.put(recordKey, record);
  }
}
