import { type Context, Hono } from 'hono';
import type { KeyHolder } from '../accounts/api-key';
import type { Dialect, Operation, WireBody, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { anonymousHolder } from './anonymous';
import { authenticate } from './authenticate';
import type { FrontEnv } from './front';
import { readBody } from './read-body';
import { noteHolder } from './request-log';
import { answerFault } from './respond';
import { serveOperation } from './serve-operation';
import { countKeyless } from './visitors';

/** An app that answers in one dialect: its routes, its refusals of other methods, its errors. */
export function mountDialect(dialect: Dialect): Hono<FrontEnv> {
  const app = new Hono<FrontEnv>();
  for (const operation of dialect.operations) {
    app.on(operation.method, operation.path, (c) => serve(c, dialect, operation));
  }
  for (const [path, methods] of methodsByPath(dialect.operations)) {
    app.all(path, () => {
      throw new Fault('method_not_allowed', `This path takes ${methods.join(', ')}.`, { allow: methods });
    });
  }
  app.onError((thrown, c) => answerFault(c, dialect, thrown));
  return app;
}

async function serve(c: Context<FrontEnv>, dialect: Dialect, operation: Operation): Promise<Response> {
  // Read once: this is the way of every hit.
  const url = new URL(c.req.url);
  const holder = await holderOf(c, { dialect, operation, origin: url.origin });
  noteHolder(c.get('facts'), dialect.id, holder);
  c.set('holder', holder);
  if (holder !== null) c.set('account', holder.account);
  const wire = await readWire(c, operation, url);
  return await serveOperation(c, { dialect, operation, wire, account: holder?.account ?? null });
}

/** Who asks: the holder of a key, or one that the operator serves without. */
async function holderOf(
  c: Context<FrontEnv>,
  { dialect, operation, origin }: { dialect: Dialect; operation: Operation; origin: string },
): Promise<KeyHolder | null> {
  const front = c.get('front');
  const { headers } = c.req.raw;
  const needsKey = (operation.auth ?? 'required') === 'required' && dialect.credential(headers) === null;
  const anonymous = needsKey ? await anonymousHolder(front, { kind: operation.kind, headers }) : null;
  const asking = { dialect, operation, headers, origin };
  const known = await countKeyless(c, anonymous === null ? authenticate(front.keyRing, asking) : Promise.resolve(null));
  return known ?? anonymous;
}

async function readWire(c: Context<FrontEnv>, operation: Operation, url: URL): Promise<WireRequest> {
  const { req } = c;
  return {
    method: req.method,
    origin: url.origin,
    path: req.path,
    params: req.param(),
    query: url.searchParams,
    headers: req.raw.headers,
    body: await bodyOf(req.raw, operation),
  };
}

async function bodyOf(request: Request, operation: Operation): Promise<WireBody> {
  if (!('accepts' in operation)) return { kind: 'none' };
  const takesUntypedJson = operation.kind === 'create' && operation.takesUntypedJson;
  return await readBody(request, operation.accepts, takesUntypedJson);
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of operations) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}
