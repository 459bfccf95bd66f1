import { countedDatabase } from './counted-database';
import { standIn } from './stand-in';
import { count } from './tally';

const known = new WeakMap<Env, Env>();

/** The same bindings, which count what is done with them: always the same object for the same environment. */
export function countedBindings(env: Env): Env {
  const earlier = known.get(env);
  if (earlier !== undefined) return earlier;
  const counted = Object.fromEntries(Object.entries(env).map(([name, binding]) => [name, countedBinding(binding)]));
  const bindings = { ...env, ...counted };
  known.set(env, bindings);
  return bindings;
}

/** Counts what a Durable Object writes. Its storage is changed in place: the platform takes no stand-in for it. */
export function countWrites(storage: DurableObjectStorage): void {
  const { kv } = storage;
  countRows(kv, 'put', () => 1);
  countRows(kv, 'delete', (key) => (kv.get(String(key)) === undefined ? 0 : 1));
  countRows(storage, 'setAlarm', () => 1);
  countRows(storage, 'deleteAll', () => [...kv.list()].length);
  countSql(storage.sql);
}

/** A statement says by itself how many rows it wrote, indexes included. */
function countSql(sql: SqlStorage): void {
  const { exec } = sql;
  const value = (...given: Parameters<SqlStorage['exec']>) => {
    const cursor = exec.apply(sql, given);
    count('objectRowsWritten', cursor.rowsWritten);
    return cursor;
  };
  Object.defineProperty(sql, 'exec', { value });
}

/** What a binding is shows in its methods, so that one which is added later is counted too. */
function countedBinding(binding: unknown): unknown {
  if (typeof binding !== 'object' || binding === null) return binding;
  if ('createMultipartUpload' in binding) return countedBucket(binding);
  if ('idFromName' in binding) return countedNamespace(binding);
  if (isDatabase(binding)) return countedDatabase(binding);
  return 'input' in binding ? countedImages(binding) : binding;
}

const countedBucket = (bucket: object) =>
  standIn(bucket, (name, call) => (...given) => {
    if (name === 'get' || name === 'head') count('r2Reads');
    else if (name !== 'delete') count('r2Writes');
    return call(...given);
  });

const countedNamespace = (namespace: object) =>
  standIn(namespace, (name, call) => (...given) => {
    const made = call(...given);
    const isStub = (name === 'get' || name === 'getByName') && typeof made === 'object' && made !== null;
    return isStub ? countedStub(made) : made;
  });

const countedStub = (stub: object) =>
  standIn(stub, (_, call) => (...given) => {
    count('objectCalls');
    return call(...given);
  });

const countedImages = (images: object) =>
  standIn(images, (name, call) => (...given) => {
    if (name === 'input') count('imageTransformations');
    return call(...given);
  });

const isDatabase = (binding: object): binding is D1Database => 'prepare' in binding && 'batch' in binding;

function countRows(target: object, name: string, rows: (...given: unknown[]) => number): void {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`There is no ${name} to count.`);
  const value = (...given: unknown[]) => {
    count('objectRowsWritten', rows(...given));
    return Reflect.apply(method, target, given);
  };
  Object.defineProperty(target, name, { value });
}
