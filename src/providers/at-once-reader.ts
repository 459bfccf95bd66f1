import type { Submission } from '../core/provider';
import { meaningOf, reasonOf } from './error-code';
import { refused, type SubmitReader } from './purchase';
import { soldPicture, withheldPicture } from './sold-picture';

/** How a vendor words the answers to a purchase that it makes at once. */
export interface AtOnceShape {
  readonly title: string;
  /** The picture's URL, or its bytes in base64; null where there is none. */
  picture(json: unknown): string | null;
  /** All that may say in one word what went wrong. */
  codes(json: unknown): readonly unknown[];
  /** The vendor's own words of an error; null when the body is not in the shape of one. */
  message(json: unknown): string | null;
}

/** Reads the answers of a vendor that delivers at once, in whatever shape it gives them. */
export function atOnceReader(shape: AtOnceShape): SubmitReader {
  const { title, codes, message } = shape;
  return {
    title,
    message,
    accepted: ({ json }) => soldOrRefused(json, shape),
    otherwise: ({ json }) => withheldIn(codes(json)),
    refusal: ({ status, json }) => reasonOf(codes(json)) ?? (status === 404 ? 'unavailable' : null),
  };
}

/** What a 2xx says, which may be that it failed. Null when it says nothing that is known of this vendor. */
function soldOrRefused(json: unknown, { title, picture, codes, message }: AtOnceShape): Submission | null {
  const found = picture(json);
  if (found !== null) return soldPicture(found);
  if (message(json) === null) return null;
  return withheldIn(codes(json)) ?? refused({ title }, reasonOf(codes(json)) ?? 'unavailable', null);
}

function withheldIn(codes: readonly unknown[]): Submission | null {
  return meaningOf(codes) === 'withheld' ? withheldPicture : null;
}
