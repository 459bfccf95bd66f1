import { determinismOf } from '../core/determinism';
import { Fault } from '../core/fault';
import { sha256Hex } from '../core/fingerprint';
import type { Glimpse } from '../core/glimpse';
import type { ImageRequest } from '../core/image-request';
import { probePicture } from '../core/picture-probe';
import { isSideDataSound } from '../core/png-side-data';
import { isSoundPng } from '../core/png-soundness';
import { megapixelsOf } from '../core/price';
import { renderSize } from '../core/size';
import { withinTime } from '../core/time-limit';
import type { PicturePast } from './picture-register';
import type { Buyers, PictureStore } from './picture-store';
import type { PictureFacts } from './recipe';

export interface DeliveredPicture {
  readonly fingerprint: string;
  readonly request: ImageRequest;
  /** Who bought it. */
  readonly accountId?: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly provider: string;
  readonly isSandbox: boolean;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What is good to know of a picture beside its bytes. Either may fail or be late: the picture is stored all the same. */
export interface Witnesses {
  /** A look at the picture itself; null where it cannot be read. A PNG has one only if all of its pixels can be. */
  glimpse(bytes: Uint8Array<ArrayBuffer>): Promise<Glimpse | null>;
  /** What the ledger has of it from before. */
  past(fingerprint: string): Promise<PicturePast>;
}

/** A picture that was paid for is stored by then, whatever its witnesses do. */
const witnessMs = 1_000;

/**
 * Checks what a provider delivered and stores it: the master once, then the recipe. Safe to repeat; a master that is
 * there already wins. Returns the facts of what is stored.
 * @throws Fault `provider_failed` when it is not a whole picture of the size that was ordered.
 */
export async function storePicture(
  store: Pick<PictureStore, 'putMaster' | 'putRecipe'>,
  delivered: DeliveredPicture,
  witnesses: Witnesses,
): Promise<PictureFacts> {
  const { fingerprint, request, bytes, provider, isSandbox, quotedMicros, actualMicros } = delivered;
  const { contentType, width, height } = await inspect(bytes, request);
  const megapixels = megapixelsOf(request);
  const [sha256, seen] = await Promise.all([sha256Hex(bytes), askWitnesses(delivered, witnesses)]);
  // Who looked at a PNG has inflated it: that is not done twice.
  if (contentType === 'image/png' && seen.glimpse === null && !(await isSoundPng(bytes)))
    throw new Fault('provider_failed', 'The provider delivered a picture that is damaged.');
  const facts = await store.putMaster(fingerprint, bytes, {
    namespace: request.namespace,
    provider,
    isSandbox,
    sha256,
    contentType,
    width,
    height,
    quotedMicros,
    actualMicros,
    inputMegapixels: megapixels.input,
    outputMegapixels: megapixels.output,
    startedAt: delivered.startedAt,
    endedAt: delivered.endedAt,
    ...seen.glimpse,
    determinism: determinismOf(seen.past?.firstDigest, sha256),
  });
  const recipe = { fingerprint, request: { ...request, ...renderSize(request) }, facts };
  await store.putRecipe(recipe, buyersOf(delivered.accountId, seen.past));
  return facts;
}

/**
 * The facts of the picture that was begun at `startedAt`, or null: what was stored before or since is another purchase's.
 * Where its storing was cut off after the master, the recipe is written now: the bytes are there, and nobody may be able
 * to deliver them again. Safe to repeat.
 */
export async function salvagePicture(
  store: PictureStore,
  made: Pick<DeliveredPicture, 'fingerprint' | 'request' | 'accountId' | 'startedAt'>,
  ledger: Pick<Witnesses, 'past'>,
): Promise<PictureFacts | null> {
  const { fingerprint, request, accountId, startedAt } = made;
  const facts = await store.masterFacts(fingerprint);
  if (facts?.startedAt !== startedAt) return null;
  if ((await store.facts(fingerprint))?.startedAt === startedAt) return facts;
  const buyers = buyersOf(accountId, await withinTime(ledger.past(fingerprint), witnessMs));
  await store.putRecipe({ fingerprint, request: { ...request, ...renderSize(request) }, facts }, buyers);
  return facts;
}

/** Who bought it first is not guessed where the ledger did not say. */
function buyersOf(accountId: string | undefined, past: PicturePast | null): Buyers | undefined {
  if (accountId === undefined) return undefined;
  if (past === null) return { accountId };
  const first = past.firstBuyer ?? accountId;
  return { accountId, first: { accountId: first, isOnly: first === accountId && !past.isBoughtByOthers } };
}

/** Before the master is written: what they say stands beside its bytes, so that an answer with them needs one read. */
async function askWitnesses({ fingerprint, bytes }: DeliveredPicture, witnesses: Witnesses) {
  const [glimpse, past] = await Promise.all([
    withinTime(witnesses.glimpse(bytes), witnessMs),
    withinTime(witnesses.past(fingerprint), witnessMs),
  ]);
  return { glimpse, past };
}

async function inspect(bytes: Uint8Array<ArrayBuffer>, request: ImageRequest) {
  const probe = probePicture(bytes);
  if (probe === null || probe.format === 'gif')
    throw new Fault('provider_failed', 'The provider did not deliver a picture.');
  if (!probe.isComplete)
    throw new Fault('provider_failed', 'The provider delivered a picture that is cut short, or into too many parts.');
  if (probe.format === 'png' && !(await isSideDataSound(bytes))) {
    throw new Fault(
      'provider_failed',
      'The provider delivered a picture whose texts or colour profile are too many, or inflate beyond measure.',
    );
  }
  const expected = renderSize(request);
  if (probe.width === expected.width && probe.height === expected.height) return probe;
  throw new Fault(
    'provider_failed',
    `The provider delivered ${probe.width}×${probe.height} pixels where ${expected.width}×${expected.height} were ordered.`,
  );
}
