import type { Token } from 'micromark-util-types';

/** As acorn reads it. */
interface Program {
  readonly body: readonly Statement[];
}
interface Statement {
  readonly expression?: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly cooked?: string | null } }[];
  };
}
interface ProgramNode {
  readonly type: string;
  readonly start?: number;
  readonly name?: { readonly name?: unknown };
  readonly attributes?: readonly { readonly name?: { readonly name?: unknown } }[];
}

/** What `{…}` stands for where that is written there: `{800}`, `{"text"}`. null where only a program knows it. */
export function literalValue(token: Token): string | null {
  const expression = programOf(token)?.body[0]?.expression;
  const { type, value, quasis = [] } = expression ?? { type: '' };
  if (type === 'Literal' && (typeof value === 'string' || typeof value === 'number')) return String(value);
  return type === 'TemplateLiteral' && quasis.length === 1 ? (quasis[0]?.value.cooked ?? null) : null;
}

/** Where a token's program has elements that want a picture. Its strings and comments are its own. */
export function picturesWithin(token: Token): readonly number[] {
  return nodesIn(programOf(token)).flatMap(({ type, start, name, attributes = [] }) => {
    if (type !== 'JSXOpeningElement' || start === undefined) return [];
    const has = (wanted: string) => attributes.some((attribute) => attribute.name?.name === wanted);
    // As in the page itself, one that shows what is there or has a key is left alone.
    const isElement = name?.name === 'flux-image' && !has('key') && (has('prompt') || !has('src'));
    return isElement || (name?.name === 'img' && has('data-flux-prompt')) ? [start] : [];
  });
}

/** A node and all nodes below it. */
function nodesIn(value: unknown): readonly ProgramNode[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, member]) => (key === 'comments' ? [] : nodesIn(member)));
  return 'type' in value ? [value as ProgramNode, ...below] : below;
}

function programOf(token: Token): Program | undefined {
  return (token as unknown as { readonly estree?: Program }).estree;
}
