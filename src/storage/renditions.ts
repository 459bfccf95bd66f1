import { markPicture } from '../core/ai-mark';
import { Fault } from '../core/fault';
import { contentTypes, isWhole, type Rendition } from '../core/rendition';
import type { Size } from '../core/size';
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

  constructor(images: ImagesBinding, store: PictureStore) {
    this.#images = images;
    this.#store = store;
  }

  /**
   * Makes a rendition that is not stored yet; null when there is no such picture. Those who ask for the same one at
   * the same time share the making.
   * @param check is given the master's facts before anything is made, and may throw.
   */
  make(
    fingerprint: string,
    rendition: Rendition,
    check: (facts: PictureFacts) => void = () => {},
  ): Promise<Made | null> {
    const key = `${fingerprint}/${JSON.stringify(rendition)}`;
    const underWay = this.#making.get(key);
    if (underWay !== undefined) return underWay;
    const made = this.#make(fingerprint, rendition, check).finally(() => this.#making.delete(key));
    this.#making.set(key, made);
    return made;
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

  async #make(fingerprint: string, rendition: Rendition, check: (facts: PictureFacts) => void): Promise<Made | null> {
    const master = await this.#store.master(fingerprint);
    const facts = factsOf(master);
    if (master === null || facts === null) return null;
    check(facts);
    const isMasterItself = isWhole(rendition) && facts.contentType === contentTypes[rendition.format];
    if (isMasterItself) return { facts, bytes: new Uint8Array(await master.arrayBuffer()) };
    const converted = await this.#convert(master, rendition, facts);
    const bytes = markPicture(converted, rendition.format, {
      fingerprint,
      isSandbox: facts.isSandbox,
      generator: `FLUX.2 [flex] via ${facts.provider}`,
    });
    await this.#store.putRendition({ fingerprint, rendition, bytes, facts });
    return { facts, bytes };
  }

  async #convert(master: R2ObjectBody, rendition: Rendition, facts: PictureFacts): Promise<Uint8Array<ArrayBuffer>> {
    const transforms = transformsOf(rendition, facts);
    const last = transforms.at(-1);
    try {
      let body = master.body;
      for (const transform of transforms.slice(0, -1)) body = await this.#cut(body, transform);
      const whole = this.#images.input(body);
      const image = last === undefined ? whole : whole.transform(last);
      const { format, quality } = rendition;
      const output = await image.output({ format: contentTypes[format], ...(quality === null ? {} : { quality }) });
      return new Uint8Array(await output.response().arrayBuffer());
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

/**
 * The steps from a master to a rendition. Covering one edge at a time at its full length cuts without scaling, which
 * is what an exact size that is no multiple of 16 needs.
 */
export function transformsOf(rendition: Rendition, master: Size): ImageTransform[] {
  const { crop, width, height, fit } = rendition;
  const cuts = crop === null ? [] : cutsOf(crop, master);
  if (width === null && height === null) return cuts;
  const whole = crop ?? master;
  const within = {
    ...(width === null ? {} : { width: Math.min(width, whole.width) }),
    ...(height === null ? {} : { height: Math.min(height, whole.height) }),
  };
  return [...cuts, { ...within, fit: width === null || height === null ? 'scale-down' : fit }];
}

function cutsOf(crop: Size, master: Size): ImageTransform[] {
  const rows: ImageTransform = { width: master.width, height: crop.height, fit: 'cover' };
  const columns: ImageTransform = { width: crop.width, height: crop.height, fit: 'cover' };
  return [...(crop.height === master.height ? [] : [rows]), ...(crop.width === master.width ? [] : [columns])];
}
