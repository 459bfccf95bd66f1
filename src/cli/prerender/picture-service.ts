import type { Client } from '../../client/client';
import { FluxgateError } from '../../client/fluxgate-error';
import type { Page } from '../../client/page';
import type { Picture } from '../../client/picture';
import type { Transport } from '../../client/transport';
import type { PictureFormat, PictureParameters } from './picture-parameters';

/** What prerendering asks of the service. */
export interface PictureService {
  readonly baseUrl: string;
  /** @param formats how many are wanted: each is ordered by itself, and all but the first find the picture stored */
  quote(parameters: PictureParameters, formats: number): Promise<PictureQuote>;
  make(parameters: PictureParameters, format: PictureFormat, watch?: OrderWatch): Promise<Picture>;
  /** What a picture cost that did not come, in micro-dollars; 0 where nothing was bought for it. */
  chargeOf(failure: unknown): Promise<number>;
  /** Of the stored bytes; null where there are none, or only their owner may know. */
  digestOf(fingerprint: string): Promise<string | null>;
  /** The same of a picture that this account asked for. */
  ownDigestOf(picture: Picture): Promise<string>;
  /** Which of these this account has pinned, by the fewest requests: the list tells a hundred at a time. */
  pinnedOf(fingerprints: readonly string[]): Promise<ReadonlySet<string>>;
  /** @returns false where the picture is not stored, or another account bought it */
  pin(fingerprint: string): Promise<boolean>;
  unpin(fingerprint: string): Promise<boolean>;
  /** The bytes at one of its URLs; null where there are none. */
  bytes(url: string, signal?: AbortSignal): Promise<Uint8Array | null>;
}
/** Who waits for a picture. */
export interface OrderWatch {
  readonly signal: AbortSignal;
  /** Told once the service has taken the order. */
  onOrdered(): void;
}
export interface PictureQuote {
  readonly fingerprint: string;
  readonly isStored: boolean;
  /** In all formats that are wanted of it. */
  readonly priceMicros: number;
  /** What each order costs that has nothing bought, as the picture is there or in the making. */
  readonly hitMicros: number;
}

interface Pin {
  readonly fingerprint: string;
}

interface Recipe {
  readonly master: { readonly sha256: string };
}

export function pictureService(client: Client, transport: Transport): PictureService {
  const recipeAt = async (path: string) =>
    await transport.read<Recipe>(path, { keyless: true }).then(({ master }) => master.sha256, ifMissing(null));
  const pinPath = (fingerprint: string) => `/v1/pins/${fingerprint}`;
  return {
    baseUrl: transport.baseUrl,
    quote: async (parameters, formats) => {
      const { pictures } = await client.quote(parameters);
      const [quote] = pictures;
      if (quote === undefined) throw new FluxgateError({ code: 'incomplete', message: 'The quote names no picture.' });
      // A service of earlier days tells nothing of hits, and quotes stored pictures at 0.
      const { fingerprint, stored: isStored, priceMicros, hitMicros = 0 } = quote;
      return { fingerprint, isStored, priceMicros: priceMicros + (formats - 1) * hitMicros, hitMicros };
    },
    make: async (parameters, format, watch) => await ordered(client, { ...parameters, format }, watch),
    chargeOf: async (failure) => await chargeOf(client, failure),
    digestOf: async (fingerprint) => await recipeAt(`/images/${fingerprint}.json`),
    ownDigestOf: async ({ fingerprint, task }) => {
      const known = await recipeAt(`/images/${fingerprint}.json`);
      if (known !== null) return known;
      const { urls } = await transport.read<{ urls: { recipe: string | null } }>(`/v1/tasks/${task}`);
      const own = urls.recipe === null ? null : await recipeAt(pathOf(urls.recipe));
      if (own !== null) return own;
      throw new FluxgateError({ code: 'not_found', message: 'The picture was removed just now.', taskId: task });
    },
    pinnedOf: async (fingerprints) => await pinsAmong(transport, fingerprints),
    pin: async (fingerprint) =>
      await transport.send(pinPath(fingerprint), { method: 'PUT' }).then(() => true, ifMissing(false)),
    unpin: async (fingerprint) =>
      await transport.send(pinPath(fingerprint), { method: 'DELETE' }).then(() => true, ifMissing(false)),
    bytes: async (url, signal) => {
      const sending = { keyless: true, ...(signal === undefined ? {} : { signal }) };
      const response = await transport.send(pathOf(url), sending).catch(ifMissing(null));
      return response === null ? null : new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** @throws FluxgateError with the reasons that a quote tells, where its key may not order that picture */
async function ordered(
  client: Client,
  order: PictureParameters & { readonly format: PictureFormat },
  watch?: OrderWatch,
): Promise<Picture> {
  const waiting = watch === undefined ? {} : { signal: watch.signal, onProgress: () => watch.onOrdered() };
  try {
    return await client.generate(order, waiting);
  } catch (error) {
    // An order is refused in a sentence; a quote names the field that is too much.
    if (Object(error).code === 'forbidden') await client.quote(order);
    throw error;
  }
}

async function chargeOf(client: Client, failure: unknown): Promise<number> {
  if (!(failure instanceof FluxgateError) || failure.taskId === null) return 0;
  const task = await client.task(failure.taskId).catch(() => null);
  if (task === null || task.source !== 'bought') return 0;
  // Nobody knows what became of it: its price is presumed.
  const presumed = failure.code === 'outcome_unknown' ? task.cost.quotedMicros : 0;
  return task.cost.actualMicros ?? presumed;
}

/** The list goes by fingerprint: what stands before the first wanted one and behind the last is not asked for. */
async function pinsAmong(transport: Transport, fingerprints: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = fingerprints.toSorted();
  const [first, last] = [wanted[0], wanted.at(-1)];
  const there = new Set<string>();
  if (first === undefined || last === undefined) return there;
  for (let cursor: string | null = justBefore(first); cursor !== null && cursor < last; ) {
    const page: Page<Pin> = await transport.read('/v1/pins', { query: { cursor } });
    for (const { fingerprint } of page.data) there.add(fingerprint);
    cursor = page.next ?? null;
  }
  return there;
}

/** A list begins behind its cursor. */
function justBefore(fingerprint: string): string {
  const number = BigInt(`0x${fingerprint}`);
  return (number === 0n ? number : number - 1n).toString(16).padStart(fingerprint.length, '0');
}

/** What follows the origin: where a service is reached by another name, it is reached by that for this, too. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function ifMissing<Value>(value: Value): (thrown: unknown) => Value {
  return (thrown) => {
    if (thrown instanceof FluxgateError && thrown.status === 404) return value;
    throw thrown;
  };
}
