import * as z from 'zod';
import { camelCased } from '../src/client/letter-case';
import { isJsonObject, type Json, type JsonObject } from '../src/core/json';

/** A schema that has a name of its own in the text. `reads` is what is sent to us, `tells` what we answer. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly side: 'reads' | 'tells';
}

export const longestLine = 120;

/**
 * TypeScript interfaces of schemas by their names, with what the schemas say as comments: descriptions, ranges and
 * defaults. Keys are as the client has them, in `camelCase`. A schema inside another is named where it is one of them.
 */
export function typeText(named: readonly NamedSchema[]): string {
  const texts = named.map(({ name, side }) => {
    const json = jsonSchemaOf(named, side)[name];
    if (!isJsonObject(json)) throw new Error(`${name} has no schema.`);
    const comment = commentOf(json, '');
    const type = typeOf(json, side, '');
    return type.startsWith('{')
      ? `${comment}export interface ${name} ${type}`
      : `${comment}export type ${name} =${broken(type, '  ', 15 + name.length)};`;
  });
  return texts.join('\n\n');
}

function jsonSchemaOf(named: readonly NamedSchema[], side: NamedSchema['side']): Readonly<Record<string, unknown>> {
  const registry = z.registry<{ id: string }>();
  for (const { name, schema } of named) registry.add(schema, { id: name });
  const io = side === 'reads' ? 'input' : 'output';
  const { schemas } = z.toJSONSchema(registry, { io, unrepresentable: 'any', uri: (id) => id });
  return JSON.parse(JSON.stringify(schemas));
}

type Side = NamedSchema['side'];

function typeOf(schema: Json | undefined, side: Side, indent: string): string {
  if (!isJsonObject(schema)) return 'unknown';
  if (typeof schema.$ref === 'string') return schema.$ref;
  if (schema.const !== undefined) return literal(schema.const);
  if (Array.isArray(schema.enum)) return unionOf(schema.enum.map(literal));
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices !== undefined) return unionOf(choices.map((choice) => typeOf(choice, side, indent)));
  if (Array.isArray(schema.allOf)) return schema.allOf.map((part) => typeOf(part, side, indent)).join(' & ');
  const names = Array.isArray(schema.type) ? schema.type : [schema.type];
  return unionOf(names.map((name) => namedType(name, schema, { side, indent })));
}

function namedType(name: Json | undefined, schema: JsonObject, at: { side: Side; indent: string }): string {
  switch (name) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return name;
    case 'array':
      return listText(typeOf(schema.items, at.side, at.indent));
    case 'object':
      return objectText(schema, at.side, at.indent);
    default:
      return 'unknown';
  }
}

const listText = (item: string) => `readonly ${/[|&]/.test(item) && !item.startsWith('{') ? `(${item})` : item}[]`;

function objectText(schema: JsonObject, side: Side, indent: string): string {
  if (!isJsonObject(schema.properties)) return '{ readonly [name: string]: unknown }';
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const hasDefault = isJsonObject(property) && property.default !== undefined;
    const isNeeded = required.includes(name) && (side === 'tells' || !hasDefault);
    const type = typeOf(property, side, inner);
    const shown = isJsonObject(property) && 'x-canonical' in property ? withoutNull(type) : type;
    const head = `${inner}readonly ${camelKey(name)}${isNeeded ? '' : '?'}:`;
    return `${commentOf(property, inner)}${head}${broken(shown, `${inner}  `, head.length)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** Fields of dialects take null for what is absent: callers of the client leave it out. */
const withoutNull = (type: string) => type.replace(/ \| null$/, '');

/** A union that is too long for its line has one for each member. */
function broken(type: string, indent: string, taken: number): string {
  const isLong = !/[\n(]/.test(type) && type.includes(' | ') && taken + type.length + 2 > longestLine;
  return isLong ? type.split(' | ').reduce((text, member) => `${text}\n${indent}| ${member}`, '') : ` ${type}`;
}

function commentOf(schema: Json | undefined, indent: string): string {
  if (!isJsonObject(schema)) return '';
  const description = typeof schema.description === 'string' ? schema.description : '';
  const said = [description, rangeOf(schema), defaultOf(schema)].filter((text) => text !== '').join(' ');
  if (said === '') return '';
  const line = `${indent}/** ${said} */`;
  if (line.length <= longestLine) return `${line}\n`;
  return `${indent}/**\n${wrapped(said, `${indent} * `)}\n${indent} */\n`;
}

/** A text in lines that each begin with `start`. */
export function wrapped(text: string, start: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const isFull = line !== '' && start.length + line.length + word.length + 1 > longestLine;
    if (isFull) lines.push(start + line);
    line = isFull || line === '' ? word : `${line} ${word}`;
  }
  return [...lines, start + line].join('\n');
}

function rangeOf({ minimum, maximum, maxLength }: JsonObject): string {
  if (typeof maxLength === 'number') return `At most ${maxLength} characters.`;
  if (typeof minimum !== 'number' || typeof maximum !== 'number' || maximum === Number.MAX_SAFE_INTEGER) return '';
  return minimum === Number.MIN_SAFE_INTEGER ? '' : `${minimum} to ${maximum}.`;
}

function defaultOf({ default: fallback }: JsonObject): string {
  const isPlain = !['undefined', 'object'].includes(typeof fallback) && fallback !== '';
  return isPlain ? `\`${fallback}\` where absent.` : '';
}

const unionOf = (members: readonly string[]) => {
  const all = new Set(members);
  const isNullable = all.delete('null');
  return [...all, ...(isNullable ? ['null'] : [])].join(' | ');
};
const literal = (value: Json) => (typeof value === 'string' ? `'${value}'` : String(value));
const camelKey = (name: string) => Object.keys(camelCased<object>({ [name]: 0 }))[0] ?? name;
