import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { openApiDocument } from '../../src/discovery/openapi';

const document = openApiDocument(dialects, { origin: 'https://fluxgate.example', version: '0.0.0' });

describe('the OpenAPI document', () => {
  it("is clean under Redocly's recommended rules", async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    const told = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
    expect(told).toEqual([]);
  });

  it('would not be clean without what it must have', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const { info: _, ...broken } = document;
    const problems = await lintFromString({ source: JSON.stringify(broken), config });
    expect(problems.length).toBeGreaterThan(0);
  });

  it('has every operation of every dialect', () => {
    const paths = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = dialects.flatMap(({ operations }) =>
      operations.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`),
    );
    expect(paths.toSorted()).toEqual(expected.toSorted());
  });
});
