/** Values that are a caller's own: their keys are not ours to rename. */
const untouched = /^(prompt|headers)$/;

/** The wire's `snake_case` keys as JavaScript writes them, at every depth. */
export function camelCased<Value>(value: unknown): Value {
  return renamed(value, (key) => key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

/** The other way round. Fields that are undefined are left out. */
export function snakeCased(value: unknown): Record<string, unknown> {
  return renamed(value, (key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function renamed<Value>(value: unknown, rename: (key: string) => string): Value {
  if (Array.isArray(value)) return value.map((member) => renamed(member, rename)) as Value;
  if (typeof value !== 'object' || value === null) return value as Value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([key, member]) => [rename(key), untouched.test(key) ? member : renamed(member, rename)]),
  ) as Value;
}
