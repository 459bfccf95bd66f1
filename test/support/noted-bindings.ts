import { env } from 'cloudflare:workers';

const reads: Readonly<Record<string, readonly string[]>> = {
  PICTURES: ['get', 'head', 'list'],
  RENDERS: ['view', 'isUnderWay', 'restingFault', 'wait', 'watch'],
  ACCOUNTS: ['standing', 'openTasks', 'spentWithin', 'spentDays', 'entriesAfter'],
  GATES: ['states'],
};

/** The tests' bindings, and what was asked of them that may change anything: SQL, and calls of a bucket or an object. */
export function notedBindings(): { readonly bindings: Env; readonly changes: readonly string[] } {
  const changes: string[] = [];
  const note = (binding: string) => (method: string) => {
    if (!reads[binding]?.includes(method)) changes.push(`${binding}.${method}`);
  };
  const bindings = {
    ...env,
    LEDGER: noted(env.LEDGER, (method, sql) => {
      if (method === 'prepare' && !/^\s*(SELECT|WITH)\b/.test(String(sql))) changes.push(String(sql));
    }),
    PICTURES: noted(env.PICTURES, note('PICTURES')),
    RENDERS: notedNamespace(env.RENDERS, note('RENDERS')),
    ACCOUNTS: notedNamespace(env.ACCOUNTS, note('ACCOUNTS')),
    GATES: notedNamespace(env.GATES, note('GATES')),
  };
  return { bindings, changes };
}

type Watch = (method: string, first: unknown) => void;

function notedNamespace<Namespace extends object>(namespace: Namespace, watch: Watch): Namespace {
  return noted(
    namespace,
    () => undefined,
    (stub) => noted(stub, watch),
  );
}

/** `made` stands in for objects that a method gives. */
function noted<Target extends object>(
  target: Target,
  watch: Watch,
  made: (answer: object) => unknown = (answer) => answer,
): Target {
  return new Proxy(target, {
    get(_, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        watch(String(name), given[0]);
        const answer: unknown = Reflect.apply(method, target, given);
        return typeof answer === 'object' && answer !== null ? made(answer) : answer;
      };
    },
  });
}
