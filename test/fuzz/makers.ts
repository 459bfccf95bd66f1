import * as fc from 'fast-check';
import type { CreateOperation, Dialect } from '../../src/core/dialect';
import type { Json } from '../../src/core/json';
import { dialects } from '../../src/dialects/registry';
import { jsonSchemaOf } from '../../src/discovery/wire-schema';
import { run } from './holds';
import { bodiesOf } from './schema-arbitrary';
import { filled, keyHeader, type WireCase } from './wire-case';

/** A route that makes pictures, with the bodies that it takes. */
export interface Maker {
  readonly dialect: Dialect;
  readonly operation: CreateOperation;
  readonly bodies: fc.Arbitrary<Json>;
}

export const askedDialects = dialects.filter(({ id }) => run.isAsked(id));
if (askedDialects.length === 0) throw new Error(`--dialect is one of ${dialects.map(({ id }) => id).join(', ')}.`);

/** By dialect, all its routes that make pictures. */
export const makersOf: ReadonlyMap<Dialect, readonly Maker[]> = new Map(
  dialects.map((dialect) => [dialect, dialect.operations.flatMap((operation) => makerOf(dialect, operation))]),
);

/** Those dialects that make any, for `describe.each`. */
export const makingDialects = [...makersOf]
  .filter(([, makers]) => makers.length > 0)
  .map(([dialect, makers]) => ({ id: dialect.id, dialect, makers }));

function makerOf(dialect: Dialect, operation: Dialect['operations'][number]): Maker[] {
  if (operation.kind !== 'create') return [];
  return [{ dialect, operation, bodies: bodiesOf(jsonSchemaOf(operation.schema)) }];
}

/** A right request to a route, with a body of text. */
export function requestTo({ dialect, operation }: Maker, body: string, query = ''): WireCase {
  const headers = [['content-type', 'application/json'], keyHeader(dialect)] as const;
  return { method: operation.method, path: filled(operation.path, 'x') + query, headers, body };
}

/** One of a dialect's routes with one of its bodies. */
export const anyBody = (makers: readonly Maker[]) =>
  fc.constantFrom(...makers).chain((maker) => maker.bodies.map((body) => ({ maker, body })));
