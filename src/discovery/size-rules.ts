import type { CreateOperation, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { resolveSize, type Size } from '../core/size';
import { type Leaf, listIn } from './schema-leaves';

type Path = readonly string[];

interface SizeOption extends Size {
  readonly set: readonly { readonly path: Path; readonly value: string }[];
}

interface Around {
  readonly sizeText: string | null;
  readonly fixed: JsonObject;
  readonly isConversation: boolean;
}

/** How a dialect says a size: as a text, as two numbers, or as one of what it can say, each with what it gives. */
export function sizeRuleOf(operation: CreateOperation, leaves: readonly Leaf[], around: Around) {
  if (around.sizeText !== null) return { kind: 'text', path: [around.sizeText] } as const;
  const width = leaves.find(({ canonical }) => canonical === 'width');
  const height = leaves.find(({ canonical }) => canonical === 'height');
  if (width === undefined || height === undefined)
    return { kind: 'choices', choices: choicesOf(operation, leaves, around) } as const;
  return { kind: 'pixels', width: width.path, height: height.path, ...rangeOf(width.schema) } as const;
}

/** An edge's range, also behind "or null". */
function rangeOf(schema: JsonObject): { min: number; max: number } {
  const { minimum: min, maximum: max } = schema;
  if (typeof min === 'number' && typeof max === 'number') return { min, max };
  throw new Error('An edge of a picture has no range in its schema.');
}

/** Every combination of the words for a size, and the pixels that the dialect's own reading of it gives. */
function choicesOf(operation: CreateOperation, leaves: readonly Leaf[], { fixed }: Around): SizeOption[] {
  const fields = leaves.filter(({ canonical, schema }) => canonical === 'width, height' && Array.isArray(schema.enum));
  let combinations: SizeOption['set'][] = [[]];
  for (const { path, schema } of fields) {
    const values = (Array.isArray(schema.enum) ? schema.enum : []).filter((value) => typeof value === 'string');
    combinations = combinations.flatMap((set) => values.map((value) => [...set, { path, value }]));
  }
  const prompt = leaves.find(({ canonical }) => canonical === 'prompt')?.path ?? ['prompt'];
  const needsPicture = leaves.find(({ canonical, schema }) => canonical === 'references' && listIn(schema) !== null);
  return combinations.flatMap((set) => {
    const parts: { path: Path; value: Json }[] = [...set, { path: prompt, value: 'a size' }];
    if (needsPicture !== undefined) parts.push({ path: needsPicture.path, value: ['https://example.com/picture.png'] });
    const size = sizeGiven(operation, parts.reduce(put, fixed));
    return size === null ? [] : [{ set, ...size }];
  });
}

function sizeGiven(operation: CreateOperation, body: JsonObject): Size | null {
  const wire: WireRequest = {
    method: 'POST',
    origin: 'https://example.com',
    path: operation.path,
    params: {},
    query: new URLSearchParams(),
    headers: new Headers(),
    body: { kind: 'json', value: body },
  };
  try {
    const choice = operation.decode(wire).picture.size;
    // As the first reference is: nobody knows yet what that gives.
    return choice.kind === 'match-reference' ? null : resolveSize(choice, []);
  } catch (thrown) {
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

function put(body: JsonObject, { path, value }: { path: Path; value: Json }): JsonObject {
  const [name = '', ...rest] = path;
  const inner = body[name];
  if (rest.length === 0) return { ...body, [name]: value };
  return { ...body, [name]: put(isJsonObject(inner) ? inner : {}, { path: rest, value }) };
}
