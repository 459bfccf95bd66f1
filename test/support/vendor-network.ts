import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { ProviderEntry } from '../../src/core/provider';
import { providerEntries } from '../../src/providers/registry';
import { simulators } from '../vendors/all';
import { type Failure, type Sale, Shop, type SimulatedReply, type Simulator } from '../vendors/simulator';

/** A request as it left the service. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body as text: the prompt is in it, whatever the vendor's shape. */
  readonly text: string;
}

/** A vendor of the registry with its simulator and its till. */
export interface Vendor {
  readonly entry: ProviderEntry;
  readonly simulator: Simulator;
  readonly shop: Shop;
  readonly origin: string;
}

/** What a vendor made of a request. `order` is the body of the purchase that it belongs to. */
export interface Dealing {
  readonly vendor: Vendor;
  readonly request: OutgoingRequest;
  readonly kind: 'sold' | 'polled' | 'downloaded' | 'other';
  readonly order: string;
}

/** Stands between service and vendors. What it throws breaks the connection. */
export interface Tap {
  /** Before the vendor has it. */
  before?(request: OutgoingRequest, vendor: Vendor): Promise<void> | void;
  /** What the vendor gets instead; `sent` keeps what left. */
  change?(request: OutgoingRequest, vendor: Vendor): OutgoingRequest;
  /** Before the service has the answer. */
  after?(dealing: Dealing): Promise<void> | void;
}

/** All vendors, in this isolate. */
export interface VendorNetwork {
  readonly vendors: readonly Vendor[];
  /** Everything that left, in order. */
  readonly sent: readonly OutgoingRequest[];
  readonly taps: Set<Tap>;
  vendor(id: string): Vendor;
  /** Lets the next `times` purchases with this text in their body fail so, wherever they are made. */
  failFor(text: string, failure: Failure, times?: number): void;
  /** What was sold to purchases with this text in their body. */
  salesFor(text: string): readonly Sale[];
  close(): void;
}

/** Longer delays are a time-out, and need not be sat through. */
const longestDelayMs = 5_000;

/**
 * Every vendor of the registry answers at its base URL, by its simulator and without a network. What is asked for
 * elsewhere is refused.
 */
export function vendorNetwork(): VendorNetwork {
  const network = new Network(providerEntries.map(vendorOf));
  const spy = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) => network.fetch(new Request(input, init)));
  return {
    vendors: network.vendors,
    sent: network.sent,
    taps: network.taps,
    vendor: (id) => network.vendors.find(({ entry }) => entry.id === id) ?? missing(id),
    failFor: (text, failure, times = 1) => network.failFor({ text, failure, left: times }),
    salesFor: (text) => [...network.sold].filter(([, order]) => order.includes(text)).map(([sale]) => sale),
    close: () => spy.mockRestore(),
  };
}

interface Trouble {
  readonly text: string;
  readonly failure: Failure;
  left: number;
}

class Network {
  readonly vendors: readonly Vendor[];
  readonly sent: OutgoingRequest[] = [];
  readonly taps = new Set<Tap>();
  /** The body that each sale was made for. */
  readonly sold = new Map<Sale, string>();
  readonly #troubles: Trouble[] = [];
  /** A till serves one customer at a time: so it is known whose failure is whose. */
  readonly #queues = new Map<Vendor, Promise<unknown>>();

  constructor(vendors: readonly Vendor[]) {
    this.vendors = vendors;
  }

  failFor(trouble: Trouble): void {
    this.#troubles.push(trouble);
  }

  async fetch(given: Request): Promise<Response> {
    const request = await readRequest(given);
    this.sent.push(request);
    const vendor = this.vendors.find(({ origin }) => origin === request.url.origin);
    if (vendor === undefined) throw new TypeError(`There is no way to ${request.url.host} from here.`);
    for (const tap of this.taps) await tap.before?.(request, vendor);
    const changes = [...this.taps].flatMap(({ change }) => change ?? []);
    const arriving = changes.reduce((changed, change) => change(changed, vendor), request);
    const { reply, dealing } = await this.#inTurn(vendor, () => this.#deal(arriving, vendor));
    for (const tap of this.taps) await tap.after?.(dealing);
    return await responseOf(reply);
  }

  #inTurn<Value>(vendor: Vendor, work: () => Promise<Value>): Promise<Value> {
    const turn = (this.#queues.get(vendor) ?? Promise.resolve()).then(work);
    this.#queues.set(
      vendor,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #deal(request: OutgoingRequest, vendor: Vendor): Promise<{ reply: SimulatedReply; dealing: Dealing }> {
    const { shop, simulator } = vendor;
    const before = new Map([...shop.sales.values()].map((sale) => [sale, { ...sale }]));
    const trouble = this.#troubles.find(({ text, left }) => left > 0 && request.text.includes(text));
    if (trouble !== undefined) {
      trouble.left -= 1;
      shop.failWith(trouble.failure);
    }
    const reply = request.method === 'HEAD' ? { status: 404 } : await simulator.handle(simulated(request), shop);
    shop.failWith('none');
    const sale = [...shop.sales.values()].find((one) => kindOf(one, before.get(one)) !== 'other');
    if (sale !== undefined && !before.has(sale)) this.sold.set(sale, request.text);
    const kind = sale === undefined ? 'other' : kindOf(sale, before.get(sale));
    const order = sale === undefined ? request.text : (this.sold.get(sale) ?? '');
    return { reply, dealing: { vendor, request, kind, order } };
  }
}

function kindOf(sale: Sale, before: Sale | undefined): Dealing['kind'] {
  if (before === undefined) return 'sold';
  if (sale.downloads > before.downloads) return 'downloaded';
  return sale.polls > before.polls ? 'polled' : 'other';
}

function vendorOf(entry: ProviderEntry): Vendor {
  const simulator = simulators.find(({ id }) => id === entry.id);
  if (simulator === undefined) throw new Error(`There is no simulator of ${entry.id} in test/vendors/all.ts.`);
  const origin = new URL(String(Reflect.get(env, `${entry.prefix}_BASE_URL`))).origin;
  return { entry, simulator, shop: new Shop(Date.now, simulator.concurrency), origin };
}

function missing(id: string): never {
  throw new Error(`There is no vendor ${id}.`);
}

async function readRequest(request: Request): Promise<OutgoingRequest> {
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, headers } = request;
  return { method, headers, body, url: new URL(request.url), text: new TextDecoder().decode(body) };
}

function simulated({ method, url, headers, body, text }: OutgoingRequest) {
  const { origin, pathname: path, searchParams: query } = url;
  return { ...{ method, origin, path, query, body }, headers: Object.fromEntries(headers), json: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function responseOf({ status, headers = {}, json, body, isHangUp, delayMs = 0 }: SimulatedReply) {
  if (delayMs > longestDelayMs) throw new DOMException('The operation timed out.', 'TimeoutError');
  if (delayMs > 0) await scheduler.wait(delayMs);
  if (isHangUp) throw new TypeError('Network connection lost.');
  if (json === undefined) return new Response(body ?? '', { status, headers });
  return Response.json(json, { status, headers });
}
