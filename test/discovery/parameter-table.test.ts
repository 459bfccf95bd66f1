import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { parameterRows, parameterTable } from '../../src/discovery/parameter-table';
import { leavesOf, variantsOf } from '../../src/discovery/schema-leaves';
import { siteFacts } from '../../src/discovery/site-facts';
import { jsonSchemaOf } from '../../src/discovery/wire-schema';

const rows = parameterRows(dialects);
const routes = dialects.flatMap((dialect) =>
  dialect.operations.flatMap((operation) =>
    operation.kind === 'create'
      ? [{ dialect: dialect.id, route: `${operation.method} ${operation.path}`, schema: operation.schema }]
      : [],
  ),
);

describe('the table of parameters', () => {
  it.each(routes)('has every field of $dialect: $route', ({ dialect, route, schema }) => {
    const own = rows.filter((row) => row.dialect === dialect && row.route === route);
    const fields = variantsOf(jsonSchemaOf(schema)).flatMap((variant) => leavesOf(variant, []));
    expect(fields.length).toBeGreaterThan(5);
    expect(own.map(({ name }) => name)).toEqual(expect.arrayContaining(fields.map(({ path }) => path.join('.'))));
    expect(parameterTable(dialects)).toContain(`## ${dialect}: \`${route}\``);
  });

  it('has the fields of 1min with their ranges, words and defaults, one row where both features take them alike', () => {
    const own = rows.filter(({ dialect }) => dialect === '1min');
    const row = (name: string) => own.filter((candidate) => candidate.name === name);
    expect(row('promptObject.steps')).toMatchObject([{ canonical: 'steps', accepts: '6 to 50', default: '`25`' }]);
    expect(row('promptObject.output_quality')).toMatchObject([{ canonical: 'quality', accepts: '0 to 100' }]);
    expect(row('promptObject.output_format')).toMatchObject([{ accepts: '`jpg`, `png`', default: '`"png"`' }]);
    expect(row('promptObject.aspect_ratio').map(({ default: fallback }) => fallback)).toEqual([
      '`"1:1"`',
      '`"match_input_image"`',
    ]);
    expect(row('promptObject.imageUrl').map(({ canonical, description }) => [canonical, description])).toEqual([
      [null, expect.stringMatching(/^IMAGE_GENERATOR: Refused/)],
      ['references', expect.stringMatching(/^IMAGE_EDITOR: /)],
    ]);
    expect(row('type').map(({ canonical, accepts }) => [canonical, accepts])).toEqual([
      ['feature', '`IMAGE_GENERATOR`'],
      ['feature', '`IMAGE_EDITOR`'],
    ]);
  });

  it('has their names on the page of the model too, and what they are where nothing is said', () => {
    const catalogue = { priceMicros: 50_000, isSandbox: true, providers: ['sandbox'] };
    const { parameters } = siteFacts({ dialects, providers: [], catalogue });
    expect(parameters.find(({ name }) => name === 'output_compression')?.alsoNamed).toContain('output_quality');
    expect(parameters.find(({ name }) => name === 'size')?.default).toBe('auto');
  });

  it('says of every size as text that it is "auto" where it is absent', () => {
    const sizes = rows.filter(({ name }) => /(^|\.)size$/.test(name) && name !== 'image_config.image_size');
    const asText = sizes.filter(({ accepts }) => accepts.includes('string'));
    expect(asText.length).toBeGreaterThan(3);
    expect(new Set(asText.map(({ default: fallback }) => fallback))).toEqual(new Set(['`"auto"`']));
  });
});
