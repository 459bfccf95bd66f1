import { afterEach, describe, expect, it, vi } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { made } from '../support/bfl-caller';
import { call } from '../support/front-door';

/** Whatever ends a line, a string or an element somewhere. */
const breaks = [
  '\r\nx-injected: yes',
  '\nset-cookie: a=b',
  '%0d%0ax-injected: yes',
  '"}\n{"event":"forged"}',
  '\u2028\u2029\u0085',
  '\u0000',
  '<script>alert(1)</script>',
];
const texts = breaks.map((text, index) => `safe ${index} ${text}`);

afterEach(() => vi.restoreAllMocks());

/** Headers that nobody here set, were they to arrive. */
function injected(response: Response): readonly string[] {
  return [...response.headers]
    .filter(([name, value]) => name === 'x-injected' || name === 'set-cookie' || /[\r\n]/.test(value))
    .map(([name]) => name);
}

describe('a header of an answer', () => {
  it.each(texts)('is not broken by a prompt: %j', async (prompt) => {
    const response = await call('/v1/images/generations', { json: { prompt, size: '64x64', seed: 1 } });
    expect(response.status).toBe(200);
    expect(injected(response)).toEqual([]);
  });

  it('is not broken by the name of a download', async () => {
    const { sample } = await made({ prompt: 'injection: download', seed: 1 });
    for (const text of [...texts, "\"; filename*=UTF-8''evil.html", 'a"b.html', '../../etc/passwd', '.htaccess']) {
      const response = await call(`${new URL(sample).pathname}?download=${encodeURIComponent(text)}`, { key: null });
      const disposition = response.headers.get('content-disposition');
      if (response.status === 200) expect(disposition).toMatch(/^attachment; filename="[\w .-]+\.png"$/);
      else expect([response.status, disposition]).toEqual([400, null]);
      expect(injected(response)).toEqual([]);
    }
  });

  it('is not broken by a path, a query, an id or a fault that repeats one', async () => {
    for (const text of texts) {
      const part = encodeURIComponent(text);
      const targets = [
        `/${part}`,
        `/v1/get_result?id=${part}`,
        `/v1/tasks/${part}`,
        `/images/${part}.png`,
        `/i/x.png?${part}`,
      ];
      for (const target of targets) {
        const response = await call(target, { key: null });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        expect(injected(response)).toEqual([]);
        expect(response.headers.get('content-type'), target).not.toContain('html');
      }
    }
  });
});

describe('the log', () => {
  it('has a line of JSON for each request, whatever stands in it', async () => {
    const told = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const text of texts) {
      await call(`/v1/tasks/${encodeURIComponent(text)}?x=${encodeURIComponent(text)}`);
      await call('/v1/images/generations', { json: { prompt: 3, [text]: text, model: text } });
      await call('/v1/admin/accounts', { json: { id: text, name: text } });
    }
    const lines = told.mock.calls.map(([line]) => String(line));
    expect(lines.length).toBeGreaterThanOrEqual(texts.length * 2);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ event: expect.not.stringContaining('forged') });
      expect(line).not.toMatch(/[\r\n\u2028\u2029\u0085]/);
    }
  });
});

describe('a fault', () => {
  it('is data, never a page, in every dialect, whatever it repeats', async () => {
    for (const { id, operations } of dialects) {
      const create = operations.find(({ kind }) => kind === 'create');
      if (create === undefined) continue;
      const path = create.path.replace(/:\w+(\{[^}]*\})?/g, 'x');
      const response = await call(path, {
        json: { prompt: '<img src=x onerror=alert(1)>', size: '<b>', width: '<b>' },
      });
      expect([id, response.headers.get('content-type')?.split(';')[0]]).toEqual([
        id,
        expect.stringMatching(/json$|event-stream$/),
      ]);
      await response.body?.cancel();
    }
  });
});
