import { zValidator } from '@hono/zod-validator';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { orderingKey } from '../accounts/development-key';
import type { CreateOperation, Dialect, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import type { WireQuote, WireQuotedPicture } from '../core/wire/quote';
import { wireRecipe } from '../core/wire/recipe';
import { type Quote, quoteImages } from '../pipeline/quote-images';
import type { FrontEnv } from './front';
import { readPreference } from './preference';
import { readBody } from './read-body';
import { refuse } from './refuse';
import { withAccount } from './with-account';

export const quoteQuerySchema = z.strictObject({
  dialect: z.string().default('openai'),
  /** Which of the dialect's routes the body is for; its first one where absent. */
  path: z.string().max(200).optional(),
});

/** Whatever the dialect's route takes: see there. */
export const quotedBodySchema = z.record(z.string(), z.unknown());

/** `POST /v1/quote`: the body of any dialect's route, quoted instead of ordered. */
export function quoteRoute(dialects: readonly Dialect[]): Hono<FrontEnv> {
  return new Hono<FrontEnv>().post(
    '/v1/quote',
    withAccount,
    zValidator('query', quoteQuerySchema, refuse),
    async (c) => {
      const { dialect: id, path } = c.req.valid('query');
      const dialect = dialectNamed(dialects, id);
      const operation = operationAt(dialect, path);
      const wire = await readWire(c, operation);
      const caller = {
        account: c.var.account,
        key: orderingKey(c.var.holder),
        origin: wire.origin,
        dialect: dialect.id,
        preference: readPreference(wire.headers),
        defer: (work: Promise<void>) => c.executionCtx.waitUntil(work),
      };
      const quotes = await quoteImages(c.var.front.ports, caller, operation.decode(wire));
      const totalMicros = quotes.reduce((sum, { priceMicros }) => sum + priceMicros, 0);
      return c.json<WireQuote>({
        object: 'quote',
        dialect: dialect.id,
        total_micros: totalMicros,
        pictures: quotes.map(wireQuote),
      });
    },
  );
}

function wireQuote({
  fingerprint,
  request,
  isStored,
  provider,
  changes,
  priceMicros,
  hitMicros,
}: Quote): WireQuotedPicture {
  return {
    fingerprint,
    stored: isStored,
    provider,
    price_micros: priceMicros,
    hit_micros: hitMicros,
    changes,
    parameters: { ...wireRecipe(request), references: request.references.map(({ sha256 }) => sha256) },
  };
}

function dialectNamed(dialects: readonly Dialect[], id: string): Dialect {
  const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
  const dialect = makers.find((candidate) => candidate.id === id);
  if (dialect !== undefined) return dialect;
  throw Fault.ofField('dialect', `expected one of ${makers.map((maker) => maker.id).join(', ')}.`);
}

function operationAt({ operations }: Dialect, path: string | undefined): CreateOperation {
  const makers = operations.filter((operation) => operation.kind === 'create');
  const operation = path === undefined ? makers[0] : makers.find((maker) => maker.path === path);
  if (operation !== undefined) return operation;
  throw Fault.ofField('path', `expected one of ${makers.map((maker) => maker.path).join(', ')}.`);
}

async function readWire(c: Context<FrontEnv>, operation: CreateOperation): Promise<WireRequest> {
  const url = new URL(c.req.url);
  const body = await readBody(c.req.raw, operation.accepts);
  // A dialect with the model in its path finds the model there; the quote is for no other.
  const params = { owner: 'black-forest-labs', name: 'flux-2-flex' };
  return {
    method: 'POST',
    origin: url.origin,
    path: operation.path,
    params,
    query: url.searchParams,
    headers: c.req.raw.headers,
    body,
  };
}
