import { expect } from 'vitest';
import { type PictureProbe, probePicture } from '../../../src/core/picture-probe';

export interface FetchedPicture extends PictureProbe {
  readonly bytes: Uint8Array;
}

/** The whole picture at a URL, as a browser gets it: without a key. */
export async function pictureAt(url: string | null | undefined): Promise<FetchedPicture> {
  const response = await fetch(url ?? '');
  expect(response.status, `${url}`).toBe(200);
  const picture = pictureIn(new Uint8Array(await response.arrayBuffer()));
  expect(response.headers.get('content-type')).toBe(picture.contentType);
  return picture;
}

/** The whole picture in a text of base64, or in a data URL. */
export function pictureOfBase64(text: string | null | undefined): FetchedPicture {
  return pictureIn(Buffer.from(text?.replace(/^data:image\/\w+;base64,/, '') ?? '', 'base64'));
}

/** @throws Error when the bytes are no picture, or not all of one. */
export function pictureIn(bytes: Uint8Array): FetchedPicture {
  const probe = probePicture(bytes);
  if (probe?.isComplete !== true) throw new Error(`${bytes.length} bytes are no whole picture.`);
  return { ...probe, bytes };
}
