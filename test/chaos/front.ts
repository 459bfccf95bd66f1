import { setTimeout as sleep } from 'node:timers/promises';
import { SentTexts } from '../support/sent-texts.ts';
import { type Answered, type Asking, type Exchange, exchange } from './exchange.ts';
import type { KillableService } from './service.ts';
import type { Witness } from './witness.ts';

/** The service as its callers reach it: everything that they send and get is noted. */
export class Front {
  readonly service: KillableService;
  readonly witness: Witness;
  readonly keys = new Map<string, string>();
  /** What no log may hold. */
  readonly sent = new SentTexts();
  readonly #adminToken: string;

  constructor(service: KillableService, witness: Witness, adminToken: string) {
    this.service = service;
    this.witness = witness;
    this.#adminToken = adminToken;
  }

  keyOf(account: string): string {
    const key = this.keys.get(account);
    if (key === undefined) throw new Error(`The account ${account} has no key.`);
    return key;
  }

  async send(path: string, asking: Asking = {}): Promise<Exchange> {
    const url = path.startsWith('http') ? path : this.service.url + path;
    this.sent.note(Object.entries(asking.headers ?? {}), JSON.stringify(asking.json), url);
    const done = await exchange(url, asking);
    this.witness.note(done);
    return done;
  }

  /** Sends until there is an answer: as a client does that loses its connection. */
  async sendUntilAnswered(path: string, asking: Asking = {}): Promise<Answered> {
    for (let tries = 0; tries < 60; tries += 1) {
      const done = await this.send(path, asking);
      if (done.kind === 'answered') return done;
      await sleep(100);
      await this.service.untilUp();
    }
    throw new Error(`${path} was never answered.`);
  }

  /** As the account itself. */
  async ask<Body>(account: string, path: string, asking: Asking = {}): Promise<Body> {
    return await this.#json<Body>(path, this.keyOf(account), asking);
  }

  /** As the operator. */
  async administer<Body>(path: string, asking: Asking = {}): Promise<Body> {
    return await this.#json<Body>(path, this.#adminToken, asking);
  }

  /** As the operator, once: who asks looks at what comes. */
  async operate(path: string, asking: Asking): Promise<Exchange> {
    return await this.send(path, { ...asking, headers: { authorization: `Bearer ${this.#adminToken}` } });
  }

  async #json<Body>(path: string, key: string, asking: Asking): Promise<Body> {
    const headers = { authorization: `Bearer ${key}`, ...asking.headers };
    const { status, body } = await this.sendUntilAnswered(path, { ...asking, headers });
    if (status >= 400) throw new Error(`${path} answered ${status}: ${body.toString().slice(0, 500)}`);
    return JSON.parse(body.toString()) as Body;
  }
}
