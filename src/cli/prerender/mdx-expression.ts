import type { Token } from 'micromark-util-types';

/** As acorn reads it. */
interface Program {
  readonly body: readonly Statement[];
  readonly comments?: readonly { readonly start: number; readonly end: number }[];
}
interface Statement {
  readonly expression?: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly cooked?: string | null } }[];
  };
}

/** What `{…}` stands for where that is written there: `{800}`, `{"text"}`. null where only a program knows it. */
export function literalValue(token: Token): string | null {
  const expression = programOf(token)?.body[0]?.expression;
  const { type, value, quasis = [] } = expression ?? { type: '' };
  if (type === 'Literal' && (typeof value === 'string' || typeof value === 'number')) return String(value);
  return type === 'TemplateLiteral' && quasis.length === 1 ? (quasis[0]?.value.cooked ?? null) : null;
}

/** The text of a token, with spaces where its comments are. */
export function withoutComments(token: Token, text: string): string {
  const from = token.start.offset;
  const comments = programOf(token)?.comments ?? [];
  return comments.reduce(
    (left, { start, end }) => {
      const blank = ' '.repeat(end - start);
      return left.slice(0, start - from) + blank + left.slice(end - from);
    },
    text.slice(from, token.end.offset),
  );
}

function programOf(token: Token): Program | undefined {
  return (token as unknown as { readonly estree?: Program }).estree;
}
