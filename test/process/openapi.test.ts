import { createConfig, lintFromString } from '@redocly/openapi-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { sharedService } from './support/use-shared-service.ts';

interface Document {
  readonly info: object;
  readonly paths: Readonly<Record<string, object>>;
}
let document: Document;

/** As it is served: what a route of ours takes and answers is known to the Worker alone. */
beforeAll(async () => {
  const { url } = await sharedService();
  document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
});

async function problemsOf(source: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(source), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
}

describe('the OpenAPI document', () => {
  it("is clean under Redocly's recommended rules", async () => {
    // Its one server is this machine, which no document of a deployment names.
    const deployed = { ...document, servers: [{ url: 'https://fluxgate.example' }] };
    expect(await problemsOf(deployed)).toEqual([]);
  });

  it('would not be clean without what it must have', async () => {
    const { info: _, ...broken } = document;
    expect((await problemsOf(broken)).length).toBeGreaterThan(0);
  });

  it('has every operation of every dialect, and routes of our own', () => {
    const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = dialects.flatMap(({ operations }) =>
      operations.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`),
    );
    expect(expected.filter((route) => !paths.includes(route))).toEqual([]);
    expect(paths).toContain('DELETE /v1/pictures/{fingerprint}');
  });
});
