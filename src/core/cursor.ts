import type * as z from 'zod';
import { Fault } from './fault';
import type { Json } from './json';

/** Where a page of a list ended, as an opaque text that is safe in a URL. */
export function writeCursor(place: Json): string {
  const bytes = Uint8Array.from(new TextEncoder().encode(JSON.stringify(place)));
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** @throws Fault naming `cursor` when it is not one that such a list gave out. */
export function readCursor<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  const result = schema.safeParse(decode(cursor));
  if (result.success) return result.data;
  throw Fault.ofField('cursor', 'expected the `next` of an earlier page, as it is.');
}

function decode(cursor: string): unknown {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: 'base64url' });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
