import { Fault } from '../core/fault';
import { sha256Hex } from '../core/fingerprint';
import type { ImageRequest } from '../core/image-request';
import { probePicture } from '../core/picture-probe';
import { megapixelsOf } from '../core/price';
import { renderSize } from '../core/size';
import type { PictureStore } from './picture-store';
import type { PictureFacts } from './recipe';

export interface DeliveredPicture {
  readonly fingerprint: string;
  readonly request: ImageRequest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly provider: string;
  readonly isSandbox: boolean;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * Checks what a provider delivered and stores it: the master once, then the recipe. Safe to repeat; a master that is
 * there already wins. Returns the facts of what is stored.
 * @throws Fault `provider_failed` when it is not a whole picture of the size that was ordered.
 */
export async function storePicture(store: PictureStore, delivered: DeliveredPicture): Promise<PictureFacts> {
  const { fingerprint, request, bytes, provider, isSandbox, quotedMicros, actualMicros } = delivered;
  const { contentType, width, height } = inspect(bytes, request);
  const megapixels = megapixelsOf(request);
  const facts = await store.putMaster(fingerprint, bytes, {
    provider,
    isSandbox,
    sha256: await sha256Hex(bytes),
    contentType,
    width,
    height,
    quotedMicros,
    actualMicros,
    inputMegapixels: megapixels.input,
    outputMegapixels: megapixels.output,
    startedAt: delivered.startedAt,
    endedAt: delivered.endedAt,
  });
  await store.putRecipe({ fingerprint, request: { ...request, ...renderSize(request) }, facts });
  return facts;
}

function inspect(bytes: Uint8Array<ArrayBuffer>, request: ImageRequest) {
  const probe = probePicture(bytes);
  if (probe === null || probe.format === 'gif')
    throw new Fault('provider_failed', 'The provider did not deliver a picture.');
  if (!probe.isComplete) throw new Fault('provider_failed', 'The provider delivered a picture that is cut short.');
  const expected = renderSize(request);
  if (probe.width === expected.width && probe.height === expected.height) return probe;
  throw new Fault(
    'provider_failed',
    `The provider delivered ${probe.width}×${probe.height} pixels where ${expected.width}×${expected.height} were ordered.`,
  );
}
