import { describe, expect, it } from 'vitest';
import { call } from '../support/front-door';

describe('an upload', () => {
  it.each([
    ['longer than any key of the store', 'a'.repeat(2_000)],
    ['of many bytes', '😀'.repeat(300)],
    ['with a path in it', '../accounts/development'],
    ['of nothing', '.png'],
  ])('is not found by a name %s', async (_kind, name) => {
    const response = await call(`/replicate/v1/files/${encodeURIComponent(name)}`);
    expect([response.status, response.headers.get('x-fluxgate-error')]).toEqual([404, 'not_found']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no place promised for the type %s', async (type) => {
    const response = await call('/fal/rest/storage/upload/initiate', { json: { content_type: type, file_name: 'a' } });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('content_type')]);
  });
});
