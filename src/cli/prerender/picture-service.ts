import type { Client } from '../../client/client';
import { FluxgateError } from '../../client/fluxgate-error';
import type { Picture } from '../../client/picture';
import type { Transport } from '../../client/transport';
import type { PictureFormat, PictureParameters } from './picture-parameters';

/** What prerendering asks of the service. */
export interface PictureService {
  readonly baseUrl: string;
  quote(parameters: PictureParameters): Promise<PictureQuote>;
  make(parameters: PictureParameters, format: PictureFormat, signal?: AbortSignal): Promise<Picture>;
  /** Of the stored bytes; null where there are none, or only their owner may know. */
  digestOf(fingerprint: string): Promise<string | null>;
  /** The same of a picture that this account asked for. */
  ownDigestOf(picture: Picture): Promise<string>;
  /** @returns false where the picture is not stored, or another account bought it */
  pin(fingerprint: string): Promise<boolean>;
  unpin(fingerprint: string): Promise<boolean>;
  /** The bytes at one of its URLs; null where there are none. */
  bytes(url: string, signal?: AbortSignal): Promise<Uint8Array | null>;
}
export interface PictureQuote {
  readonly fingerprint: string;
  readonly isStored: boolean;
  readonly priceMicros: number;
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
    quote: async (parameters) => {
      const { pictures } = await client.quote(parameters);
      const [quote] = pictures;
      if (quote === undefined) throw new FluxgateError({ code: 'incomplete', message: 'The quote names no picture.' });
      return { fingerprint: quote.fingerprint, isStored: quote.stored, priceMicros: quote.priceMicros };
    },
    make: async (parameters, format, signal) =>
      await client.generate({ ...parameters, format }, signal === undefined ? {} : { signal }),
    digestOf: async (fingerprint) => await recipeAt(`/images/${fingerprint}.json`),
    ownDigestOf: async ({ fingerprint, task }) => {
      const known = await recipeAt(`/images/${fingerprint}.json`);
      if (known !== null) return known;
      const { urls } = await transport.read<{ urls: { recipe: string | null } }>(`/v1/tasks/${task}`);
      const own = urls.recipe === null ? null : await recipeAt(pathOf(urls.recipe));
      if (own !== null) return own;
      throw new FluxgateError({ code: 'not_found', message: 'The picture was removed just now.', taskId: task });
    },
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
