import type { z } from 'zod';
import { parse } from '../core/parse';
import { readBody } from './read-body';

/** The JSON body of one of our own routes, by its schema; no body at all is an empty object. @throws Fault naming the field. */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  if (request.body === null) return parse(schema, {});
  const body = await readBody(request, ['json']);
  return parse(schema, body.kind === 'json' ? body.value : null);
}
