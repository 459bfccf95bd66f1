const longest = 48;

/** A picture by the beginning of its prompt. */
export function titleOf({ prompt }: { readonly prompt: string }): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > longest ? `${line.slice(0, longest - 1)}…` : line}"`;
}
