import * as fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json';
import { badPicture, goodPicture } from './pictures';

type Body = fc.Arbitrary<Json>;

/** Bodies that a JSON Schema describes: most of them are taken, some are just beyond what a schema can say. */
export function bodiesOf(schema: Json, name = ''): Body {
  if (!isJsonObject(schema)) return anyJson;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if (name === 'prompt' || name === 'text') return prompts;
  if (name === 'modalities') return mostly(fc.constantFrom<Json[]>(['image'], ['image', 'text'], ['text']));
  if (name === 'messages') return fc.oneof(conversations, conversations, scalarsOf(schema, name));
  if (name === 'tools' || name === 'mask' || name === 'mask_url') return mostly(fc.constantFrom<Json[]>([], null));
  if (name === 'response_format' && choices !== undefined) return mostly(fc.constant({ type: 'text' }));
  if (name === 'model' || name === 'version') return modelNames;
  if (/image_url|imageUrl|^url$/.test(name) && (choices ?? []).every((choice) => !hasList(choice))) {
    return isJsonObject(schema.properties) ? objectsOf(schema) : pictures;
  }
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => bodiesOf(choice, name)));
  if (isJsonObject(schema.properties)) return objectsOf(schema);
  return scalarsOf(schema, name);
}

function scalarsOf(schema: JsonObject, name: string): Body {
  const types = [schema.type].flat().filter((type) => typeof type === 'string');
  const { minimum, maximum } = schema;
  const [min, max] = [typeof minimum === 'number' ? minimum : -1e6, typeof maximum === 'number' ? maximum : 1e6];
  const kinds: Readonly<Record<string, () => Body>> = {
    integer: () => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)),
    number: () =>
      fc.oneof(fc.double({ min, max, noNaN: true }), fc.integer({ min: Math.ceil(min), max }), fc.constant(max)),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    string: () => textsOf(schema, name),
    array: () => fc.array(bodiesOf(schema.items ?? {}, singular(name)), lengthsOf(schema)),
    object: () => fc.dictionary(fc.string(), anyJson, { maxKeys: 3 }),
  };
  const fitting = types.flatMap((type) => kinds[type]?.() ?? []);
  return fitting.length === 0 ? anyJson : fc.oneof(...fitting);
}

function objectsOf({ properties, required }: JsonObject): Body {
  const entries = isJsonObject(properties) ? Object.entries(properties) : [];
  const needed = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  const model = Object.fromEntries(entries.map(([name, schema]) => [name, bodiesOf(schema, name)]));
  const everything = fc.record(model, { requiredKeys: needed });
  const optional = entries.map(([name]) => name).filter((name) => !needed.includes(name));
  // A few fields at a time: with all of them at once, one that is refused would hide what the others do.
  return fc.oneof(
    { weight: 1, arbitrary: everything },
    {
      weight: 4,
      arbitrary: fc
        .subarray(optional, { maxLength: Math.min(5, optional.length) })
        .chain((some) => fc.record(picked(model, [...needed, ...some]))),
    },
  );
}

const picked = (model: Readonly<Record<string, Body>>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (model[name] === undefined ? [] : [[name, model[name]] as const])));

function textsOf(schema: JsonObject, name: string): Body {
  if (/image|picture/i.test(name)) return pictures;
  if (name === 'aspect_ratio') return fc.oneof(aspects, fc.constant('match_input_image'));
  if (name === 'size') return fc.oneof(sizes, fc.constant('auto'));
  if (name === 'type') return fc.constantFrom('text', 'image_url', 'input_text', 'input_image', 'other');
  if (name === 'role') return fc.constantFrom('user', 'assistant', 'system');
  if (name.startsWith('webhook')) return fc.constantFrom('https://example.com/hook', 'http://127.0.0.1/', '', 'x');
  const { maxLength } = schema;
  return fc.string({ unit: 'grapheme', ...(typeof maxLength === 'number' ? { maxLength } : {}) });
}

function lengthsOf({ minItems, maxItems }: JsonObject): { minLength: number; maxLength: number } {
  const minLength = typeof minItems === 'number' ? minItems : 0;
  return { minLength, maxLength: Math.max(minLength, Math.min(typeof maxItems === 'number' ? maxItems : 3, 4)) };
}

function hasList(schema: Json): boolean {
  return isJsonObject(schema) && schema.type === 'array';
}

const singular = (name: string) => (name === 'messages' || name === 'images' ? '' : name);

export const anyJson: Body = fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json);
const names = [
  'scene',
  'style',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'é',
  '',
  '0',
  '10',
  '9',
  '😀',
];

/** Texts, and JSON prompts with keys that objects have of themselves. Read by `JSON.parse`, as a body is. */
export const prompts: Body = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((text) => `A ${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), anyJson), { maxLength: 4 })
      .map((members) =>
        parsed(`{${members.map((pair) => pair.map((part) => JSON.stringify(part)).join(':')).join(',')}}`),
      ),
  },
);

const mostly = (usual: Body): Body => fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: anyJson });
const parsed = (text: string): Json => JSON.parse(text);
const conversations: Body = fc.array(
  fc.record({
    role: fc.constantFrom('user', 'user', 'system', 'assistant'),
    content: fc.oneof(
      fc.lorem({ maxCount: 4 }),
      fc.array(
        fc.oneof(
          fc.record({ type: fc.constant('text'), text: fc.oneof(fc.lorem({ maxCount: 4 }), fc.string()) }),
          goodPicture.map((url) => ({ type: 'image_url', image_url: { url } })),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
const modelNames = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('black-forest-labs/flux-2-flex', 'flux-2-flex', ' FLUX-2-FLEX ') },
  { weight: 1, arbitrary: fc.constantFrom('flux-2-pro', '', '__proto__', 'flux-2-flex:x', '/') },
);
const pictures = fc.oneof({ weight: 8, arbitrary: goodPicture }, { weight: 1, arbitrary: badPicture });
const aspects = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map((pair) => pair.join(':'));
const edges = fc.oneof(fc.integer({ min: 64, max: 2048 }), fc.integer({ min: 0, max: 99_999 }));
const sizes = fc.tuple(edges, edges).map((pair) => pair.join('x'));
