export type Method = (...given: unknown[]) => unknown;

/** An object that behaves as `target`, but for what `instead` makes of its methods. `call` calls the method itself. */
export function standIn<Target extends object>(
  target: Target,
  instead: (name: string, call: Method) => Method,
): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return instead(String(name), (...given) => Reflect.apply(member, target, given));
    },
  });
}
