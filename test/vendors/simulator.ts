import { type Failure, html, lostAnswerOf, refusalOf } from './failures.ts';

export { type Failure, failures } from './failures.ts';

export interface SimulatedRequest {
  readonly method: string;
  /** scheme://host:port of the simulator as the caller reached it. */
  readonly origin: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}
export interface SimulatedReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: Uint8Array | string;
  /** Closes the connection instead of answering. */
  readonly isHangUp?: boolean;
  readonly delayMs?: number;
}

/** One picture that the vendor sold. */
export interface Sale {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly priceMicros: number;
  readonly soldAt: number;
  /** When it is finished. */
  readonly dueAt: number;
  readonly failure: Failure;
  /** The vendor's own parameters as it understood them, for tests that look at what was sent. */
  readonly parameters: unknown;
  isCancelled: boolean;
  /** How often its picture, or its state, was asked for. */
  downloads: number;
  polls: number;
}

/** How a vendor words what goes wrong: each in its own shape. */
export interface VendorWords {
  readonly badKey: SimulatedReply;
  readonly refuse: SimulatedReply;
  readonly credit: SimulatedReply;
  readonly rateLimit: SimulatedReply;
  readonly error: SimulatedReply;
  readonly unavailable: SimulatedReply;
  readonly moderated: SimulatedReply;
}

/** A vendor's API, simulated. */
export interface Simulator {
  /** As in the registry of providers. */
  readonly id: string;
  /** Of its environment variables. */
  readonly prefix: string;
  /** The only key that it takes. */
  readonly key: string;
  /** Whether it answers a purchase with the finished picture. */
  readonly isSync: boolean;
  /** Tasks that the vendor itself lets one key have under way; no limit where absent. */
  readonly concurrency?: number;
  handle(request: SimulatedRequest, shop: Shop): SimulatedReply | Promise<SimulatedReply>;
}

export interface Bought {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly priceMicros: number;
  readonly parameters: unknown;
}

/** The till of a simulated vendor: sells, counts, and fails as it was told. */
export class Shop {
  /** How long a picture takes. */
  latencyMs = 50;
  /** Tasks that may be under way at once; more are refused as a rate limit. */
  concurrency: number;
  readonly sales = new Map<string, Sale>();
  readonly #now: () => number;
  readonly #ownConcurrency: number;
  #failure: Failure = 'none';
  #failuresLeft = Number.POSITIVE_INFINITY;

  constructor(now: () => number = Date.now, concurrency: number = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#ownConcurrency = concurrency;
    this.concurrency = concurrency;
  }

  /** Fails so from now on, `times` times. */
  failWith(failure: Failure, times = Number.POSITIVE_INFINITY): void {
    this.#failure = failure;
    this.#failuresLeft = times;
  }

  reset(): void {
    this.sales.clear();
    this.failWith('none');
    this.latencyMs = 50;
    this.concurrency = this.#ownConcurrency;
  }

  /** What all sales come to, cancelled ones excepted. */
  get billMicros(): number {
    return [...this.sales.values()].reduce((sum, sale) => sum + (sale.isCancelled ? 0 : sale.priceMicros), 0);
  }

  get now(): number {
    return this.#now();
  }

  /**
   * Sells a picture, or fails in one of the ways of a submit. `accept` words the sale: its answer is what the vendor
   * sends when all goes well.
   */
  sell(
    bought: Bought,
    { words, accept }: { words: VendorWords; accept: (sale: Sale) => SimulatedReply },
  ): SimulatedReply {
    const failure = this.#next();
    const refusal = refusalOf(failure, words);
    if (refusal !== null) return refusal;
    if (this.#underWay() >= this.concurrency) return words.rateLimit;
    const sale = this.#sale(bought, failure);
    return lostAnswerOf(failure) ?? accept(sale);
  }

  /** How a sale stands. */
  stateOf(sale: Sale): 'working' | 'ready' | 'failed' | 'moderated' | 'cancelled' {
    if (sale.isCancelled) return 'cancelled';
    if (this.now < sale.dueAt || sale.failure === 'never-finish') return 'working';
    if (sale.failure === 'fail-after') return 'failed';
    return sale.failure === 'moderate-output' ? 'moderated' : 'ready';
  }

  /** 0 to 1. */
  progressOf(sale: Sale): number {
    const total = Math.max(1, sale.dueAt - sale.soldAt);
    return Math.min(1, (this.now - sale.soldAt) / total) * (sale.failure === 'never-finish' ? 0.5 : 1);
  }

  /** What a poll answers instead of the truth, or null. The first two polls fail, then all is well. */
  pollTrouble(sale: Sale): SimulatedReply | null {
    sale.polls += 1;
    if (sale.polls > 2) return null;
    if (sale.failure === 'poll-error') return { status: 500, json: { detail: 'Internal Server Error' } };
    if (sale.failure === 'poll-html') return html(502);
    return sale.failure === 'poll-hang-up' ? { status: 0, isHangUp: true } : null;
  }

  #underWay(): number {
    return [...this.sales.values()].filter((sale) => this.stateOf(sale) === 'working').length;
  }

  #next(): Failure {
    if (this.#failuresLeft <= 0) return 'none';
    this.#failuresLeft -= 1;
    return this.#failure;
  }

  #sale({ width, height, seed, priceMicros, parameters }: Bought, failure: Failure): Sale {
    const id = crypto.randomUUID();
    const soldAt = this.now;
    const sale: Sale = {
      ...{ id, width, height, seed, parameters, failure, soldAt },
      priceMicros: failure === 'fail-after' ? 0 : priceMicros,
      dueAt: soldAt + this.latencyMs,
      isCancelled: false,
      downloads: 0,
      polls: 0,
    };
    this.sales.set(id, sale);
    return sale;
  }
}
