import { markPicture } from '../core/ai-mark';
import { Fault } from '../core/fault';
import type { Glimpse } from '../core/glimpse';
import { probePicture } from '../core/picture-probe';
import { contentTypes, isWhole, type Rendition } from '../core/rendition';
import type { Size } from '../core/size';
import { glimpseOf } from './glimpse';
import { factsOf, type PictureStore } from './picture-store';
import type { PictureFacts } from './recipe';

export interface Made {
  readonly facts: PictureFacts;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes renditions of stored masters with the Images binding, once each, and stores them. */
export class Renditions {
  readonly #images: ImagesBinding;
  readonly #store: PictureStore;
  readonly #making = new Map<string, Promise<Made | null>>();
  readonly #patienceMs: number;

  /** @param patienceMs how long anybody waits for what somebody else is making, before making it too */
  constructor(images: ImagesBinding, store: PictureStore, patienceMs = 15_000) {
    this.#images = images;
    this.#store = store;
    this.#patienceMs = patienceMs;
  }

  /**
   * Makes a rendition that is not stored yet; null when there is no such picture, or none any more once it is made: one
   * that was made again meanwhile has it made anew. Those who ask for the same one at the same time share the making, for
   * a while: that of a request whose caller left may never end. Who may have it is decided before.
   */
  async make(fingerprint: string, rendition: Rendition): Promise<Made | null> {
    const key = `${fingerprint}/${JSON.stringify(rendition)}`;
    const underWay = this.#making.get(key);
    const shared = underWay === undefined ? tooLate : await endingWithin(underWay, this.#patienceMs);
    if (shared !== tooLate) return shared;
    const making = this.#make(fingerprint, rendition).finally(() => {
      if (this.#making.get(key) === making) this.#making.delete(key);
    });
    this.#making.set(key, making);
    return await making;
  }

  /** Bytes of any picture as a PNG of at most 1,024 pixels an edge; null where they cannot be converted. Not stored. */
  async thumbnail(read: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer> | null> {
    const input = new Blob([await read()]).stream();
    try {
      const small = this.#images.input(input).transform({ width: 1024, height: 1024, fit: 'scale-down' });
      const output = await small.output({ format: 'image/png' });
      return new Uint8Array(await output.response().arrayBuffer());
    } catch {
      return null;
    }
  }

  /** A look at a picture's bytes: for a placeholder. @throws whatever the binding does. */
  glimpse(bytes: Uint8Array<ArrayBuffer>): Promise<Glimpse | null> {
    return glimpseOf(this.#images, bytes);
  }

  async #make(fingerprint: string, rendition: Rendition): Promise<Made | null> {
    const master = await this.#store.master(fingerprint);
    const facts = factsOf(master);
    if (master === null || facts === null) return null;
    const isMasterItself = isWhole(rendition) && facts.contentType === contentTypes[rendition.format];
    if (isMasterItself) return { facts, bytes: new Uint8Array(await master.arrayBuffer()) };
    const { converted, size } = await this.#convert(master, rendition, facts);
    const bytes = markPicture(converted, rendition.format, {
      fingerprint,
      isSandbox: facts.isSandbox,
      generator: `FLUX.2 [flex] via ${facts.provider}`,
    });
    const kept = await this.#store.putRendition({ fingerprint, rendition, bytes, facts, size });
    // Whoever removes a picture looks for its renditions once its master is gone: what was written later goes here.
    const standing = await this.#store.masterFacts(fingerprint);
    if (isOf(standing, facts) && isOf(standing, kept)) return { facts, bytes };
    await this.#store.dropRendition(fingerprint, rendition);
    return await this.#make(fingerprint, rendition);
  }

  async #convert(master: R2ObjectBody, rendition: Rendition, facts: PictureFacts) {
    const transforms = transformsOf(rendition, facts);
    const last = transforms.at(-1);
    try {
      let body = master.body;
      for (const transform of transforms.slice(0, -1)) body = await this.#cut(body, transform);
      const whole = this.#images.input(body);
      const image = last === undefined ? whole : whole.transform(last);
      const { format, quality } = rendition;
      const output = await image.output({ format: contentTypes[format], ...(quality === null ? {} : { quality }) });
      const converted = new Uint8Array(await output.response().arrayBuffer());
      const size = probePicture(converted);
      // The binding answers some of what it cannot make in another format: that would be kept under a wrong name.
      if (size?.format !== format) throw new Error(`Asked for ${format}, the binding gave ${size?.format}.`);
      return { converted, size };
    } catch (cause) {
      throw new Fault('unavailable', 'The picture could not be converted just now.', { retryAfterSeconds: 2, cause });
    }
  }

  /** A step before the last, in a pass of its own: not every implementation of the binding can take two in one. */
  async #cut(body: ReadableStream<Uint8Array>, transform: ImageTransform): Promise<ReadableStream<Uint8Array>> {
    const output = await this.#images.input(body).transform(transform).output({ format: 'image/png' });
    return output.image();
  }
}

const tooLate = Symbol('too late');

/** What `work` comes to, or that it took longer than `milliseconds`. @throws what `work` does */
async function endingWithin<Value>(work: Promise<Value>, milliseconds: number): Promise<Value | typeof tooLate> {
  const late = Promise.withResolvers<typeof tooLate>();
  const timer = setTimeout(() => late.resolve(tooLate), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether what was made stands for the picture as it is stored now: its bytes, and what is told of them. */
const isOf = (standing: PictureFacts | null, { sha256, determinism }: PictureFacts) =>
  standing?.sha256 === sha256 && standing.determinism === determinism;

/**
 * The steps from a master to a rendition. Covering one edge at a time at its full length cuts without scaling, which
 * is what an exact size that is no multiple of 16 needs.
 */
export function transformsOf(rendition: Rendition, master: Size): ImageTransform[] {
  const { crop, width, height, fit } = rendition;
  const cuts = crop === null ? [] : cutsOf(crop, master);
  if (width === null && height === null) return cuts;
  return [
    ...cuts,
    { ...boxWithin(crop ?? master, rendition), fit: width === null || height === null ? 'scale-down' : fit },
  ];
}

/** The box that is asked for, as far as it enlarges nothing; one that is to be filled keeps its shape: pages keep a place of that. */
function boxWithin(whole: Size, { width, height, fit }: Rendition): Partial<Size> {
  if (width !== null && height !== null && fit === 'cover') {
    const scale = Math.min(1, whole.width / width, whole.height / height);
    return { width: Math.round(width * scale) || 1, height: Math.round(height * scale) || 1 };
  }
  return {
    ...(width === null ? {} : { width: Math.min(width, whole.width) }),
    ...(height === null ? {} : { height: Math.min(height, whole.height) }),
  };
}

function cutsOf(crop: Size, master: Size): ImageTransform[] {
  const rows: ImageTransform = { width: master.width, height: crop.height, fit: 'cover' };
  const columns: ImageTransform = { width: crop.width, height: crop.height, fit: 'cover' };
  return [...(crop.height === master.height ? [] : [rows]), ...(crop.width === master.width ? [] : [columns])];
}
