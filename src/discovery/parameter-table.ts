import type { Dialect } from '../core/dialect';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { objectIn, variantsOf } from './schema-leaves';
import { jsonSchemaOf } from './wire-schema';

/** One parameter of one dialect's route, beside the canonical one. */
export interface ParameterRow {
  readonly dialect: string;
  readonly route: string;
  readonly name: string;
  /** The canonical parameters that it becomes; null: taken and ignored. */
  readonly canonical: string | null;
  readonly accepts: string;
  readonly default: string;
  readonly description: string;
}

/** Every parameter of every dialect, from the schemas that requests are checked with. */
export function parameterRows(dialects: readonly Dialect[]): ParameterRow[] {
  return dialects.flatMap((dialect) =>
    dialect.operations.flatMap((operation) => {
      if (operation.kind !== 'create') return [];
      const route = { dialect: dialect.id, route: `${operation.method} ${operation.path}` };
      return rowsOfAny(jsonSchemaOf(operation.schema)).map((row) => ({ ...route, ...row }));
    }),
  );
}

/** The table as Markdown: `docs/parameters.md`. */
export function parameterTable(dialects: readonly Dialect[]): string {
  const rows = parameterRows(dialects);
  const routes = [...new Set(rows.map(({ dialect, route }) => `${dialect}\n${route}`))];
  const sections = routes.map((key) => {
    const [dialect = '', route = ''] = key.split('\n');
    const own = rows.filter((row) => row.dialect === dialect && row.route === route);
    const lines = own.map(({ name, canonical, accepts, default: fallback, description }) =>
      [`\`${name}\``, canonical ?? '*ignored*', accepts, fallback, description].map(cell).join(' | '),
    );
    return [
      `## ${dialect}: \`${route}\``,
      '',
      '| parameter | canonical | accepts | default | |',
      '|---|---|---|---|---|',
      ...lines.map((line) => `| ${line} |`),
    ].join('\n');
  });
  const head = [
    '# Parameters of every dialect',
    '',
    'Made by `npm run docs` from the schemas that requests are checked with; a test fails when it falls behind.',
    '*Ignored* parameters are taken, as the vendor takes them, and change nothing.',
  ].join('\n');
  return `${[head, ...sections].join('\n\n')}\n`;
}

type Row = Omit<ParameterRow, 'dialect' | 'route'>;

/** One row for a field that is alike in all that a body may be; where it is not, one for each, told by its word. */
function rowsOfAny(schema: JsonObject): Row[] {
  const variants = variantsOf(schema);
  const told = variants.flatMap((variant) => rowsOf(variant, '').map((row) => ({ row, word: wordOf(variant) })));
  return [...Map.groupBy(told, ({ row }) => row.name).values()].flatMap((same) => {
    const [first] = same;
    const isAlike = same.length === variants.length && new Set(same.map(({ row }) => JSON.stringify(row))).size === 1;
    if (first !== undefined && isAlike) return [first.row];
    return same.map(({ row, word }) => ({ ...row, description: `${word}: ${row.description}` }));
  });
}

/** What tells a body from the others that it may be: the value of its one constant. */
function wordOf({ properties }: JsonObject): string {
  const fields = isJsonObject(properties) ? Object.values(properties) : [];
  return String(fields.filter(isJsonObject).find((field) => field.const !== undefined)?.const ?? '');
}

function rowsOf(schema: JsonObject, prefix: string): Row[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    const path = prefix + name;
    const own = 'x-canonical' in property ? [rowOf(path, property)] : [];
    const nested = objectIn(property);
    return nested === null ? own : [...own, ...rowsOf(nested, `${path}.`)];
  });
}

function rowOf(name: string, property: JsonObject): Row {
  const canonical = property['x-canonical'];
  return {
    name,
    canonical: typeof canonical === 'string' ? canonical : null,
    accepts: acceptsOf(property),
    default: property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``,
    description: typeof property.description === 'string' ? property.description : '',
  };
}

function acceptsOf(schema: Json): string {
  if (!isJsonObject(schema)) return '';
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && typeof maximum === 'number') return `${minimum} to ${maximum}`;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices !== undefined) return [...new Set(choices.map(acceptsOf).filter((text) => text !== ''))].join(' or ');
  return typeof schema.type === 'string' ? schema.type : Array.isArray(schema.type) ? schema.type.join(' or ') : '';
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
