import type { z } from 'zod';
import { parse } from '../core/parse';
import { readBody, readBytes } from './read-body';

/** The JSON body of one of our own routes, by its schema; no body at all is an empty object. @throws Fault naming the field. */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  // A client may send no body, or one without a byte: `curl -X POST` does the latter.
  const bytes = await readBytes(request);
  if (bytes.length === 0) return parse(schema, {});
  const { url, method, headers } = request;
  const body = await readBody(new Request(url, { method, headers, body: bytes }), ['json']);
  return parse(schema, body.kind === 'json' ? body.value : null);
}
