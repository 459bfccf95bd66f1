import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { addAccount, purchasesOf } from '../support/accounts';
import { ended, submit, submitted } from '../support/bfl-caller';
import { call } from '../support/front-door';

interface Detail {
  readonly detail: readonly {
    readonly loc: readonly (string | number)[];
    readonly msg: string;
    readonly type: string;
  }[];
}

describe('how a task can end without a picture', () => {
  const cases = [
    {
      trigger: 'sandbox:moderated-request',
      status: 'Request Moderated',
      details: { 'Moderation Reasons': [expect.any(String)] },
    },
    {
      trigger: 'sandbox:moderated-output',
      status: 'Content Moderated',
      details: { 'Moderation Reasons': [expect.any(String)] },
    },
    { trigger: 'sandbox:error', status: 'Error', details: { code: 'provider_failed', error: expect.any(String) } },
    { trigger: 'sandbox:refused', status: 'Error', details: { code: 'unavailable', error: expect.any(String) } },
    { trigger: 'sandbox:unknown', status: 'Error', details: { code: 'outcome_unknown', error: expect.any(String) } },
  ];
  it.each(cases)('$trigger ends as $status', async ({ trigger, status, details }) => {
    const { id } = await submitted({ prompt: `bfl ending ${trigger}` });
    expect(await ended(id)).toMatchObject({ id, status, result: null, preview: null, details });
  });

  it.each([
    { trigger: 'sandbox:moderated-request', ends: [] },
    { trigger: 'sandbox:moderated-output', ends: [['moderated', 50_000]] },
    { trigger: 'sandbox:error', ends: [['failed', 0]] },
    { trigger: 'sandbox:refused', ends: [] },
    { trigger: 'sandbox:unknown', ends: [['unknown', 50_000]] },
  ])('$trigger leaves $ends in the ledger', async ({ trigger, ends }) => {
    const response = await submit({ prompt: `bfl ledger ${trigger}`, seed: 1 });
    const { id } = await response.json<{ id: string }>();
    await ended(id);
    const rows = await purchasesOf(response.headers.get('x-fluxgate-fingerprint') ?? '');
    expect(rows.map((row) => [row.outcome, row.spent_micros])).toEqual(ends);
  });

  it('is forgotten by the next identical request, which tries again', async () => {
    const body = { prompt: 'bfl again sandbox:error', seed: 1 };
    const first = await submitted(body);
    await ended(first.id);
    const again = await submit(body);
    expect(again.headers.get('x-fluxgate-source')).toBe('bought');
  });
});

describe('keys', () => {
  it.each([
    { name: 'no key', call: { key: null } },
    { name: 'an unknown key', call: { key: 'fg_unknown' } },
    { name: 'a key of great length', call: { key: 'k'.repeat(50_000) } },
    { name: 'an empty key', call: { key: null, headers: { 'x-key': '' } } },
    { name: 'a bearer token', call: { key: null, headers: { authorization: `Bearer ${env.DEV_API_KEY}` } } },
  ])('$name is not authenticated', async ({ call: options }) => {
    for (const response of [await submit({ prompt: 'bfl: keys' }, options), await call('/v1/credits', options)]) {
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ detail: 'Not authenticated' });
    }
  });

  it('of an account work until they expire or are revoked', async () => {
    const good = await addAccount('bfl-good', { expiresAt: Date.now() + 60_000 });
    const expired = await addAccount('bfl-expired', { expiresAt: Date.now() - 1 });
    const revoked = await addAccount('bfl-revoked', { revokedAt: Date.now() - 1 });
    const statuses = await Promise.all(
      [good, expired, revoked].map(async (key) => (await call('/v1/credits', { key })).status),
    );
    expect(statuses).toEqual([200, 403, 403]);
  });

  it('for development do not open a public host', async () => {
    const { exports } = await import('cloudflare:workers');
    const headers = { 'x-key': env.DEV_API_KEY };
    const response = await exports.default.fetch(new Request('https://fluxgate.example/v1/credits', { headers }));
    expect(response.status).toBe(403);
  });
});

describe('credits', () => {
  it('are a number', async () => {
    const response = await call('/v1/credits');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toEqual({ credits: expect.any(Number) });
  });
});

describe('a body that is wrong', () => {
  const long = 'x'.repeat(32_001);
  const cases = [
    { field: 'prompt', values: [undefined, null, '', '   ', long, 3, true, ['a'], {}] },
    { field: 'prompt_upsampling', values: ['yes', 3, {}, []] },
    { field: 'seed', values: [-2, 2 ** 32, 1.5, 'x', true, {}, 1e308] },
    { field: 'width', values: [1, 63, 4097, -64, 64.5, 'wide', true, [], 1e21] },
    { field: 'height', values: [1, 63, 4097, -64, 64.5, 'high', true, [], Number.MIN_VALUE] },
    { field: 'aspect_ratio', values: ['wide', '0:1', '1:0', '100:1', '1:100', '16/9', 16, {}, '9999999:1'] },
    { field: 'guidance', values: [1.4, 10.1, -1, 'much', true, {}, '1e400'] },
    { field: 'input_image', values: [''] },
    { field: 'input_image_2', values: [''] },
    { field: 'steps', values: [0, 51, 1.5, -1, 'many', false, {}] },
    { field: 'safety_tolerance', values: [-1, 6, 0.5, 'low', true] },
    { field: 'output_format', values: ['gif', 'JPEG', 3, {}, ''] },
    {
      field: 'webhook_url',
      values: ['not a url', 'ftp://example.com/', 3, {}, `https://example.com/${'a'.repeat(2100)}`],
    },
    { field: 'webhook_secret', values: [3, {}, 's'.repeat(513)] },
    { field: 'input_image', values: [3, {}, ['x'], 'not a picture', 'data:image/png,abc', 'AAAA'] },
    { field: 'input_image_8', values: [3, {}, 'aGVsbG8gd29ybGQ='] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('names $field for $value', async ({ field, value }) => {
    const sizes = field === 'aspect_ratio' ? { width: undefined, height: undefined } : {};
    const response = await submit({ prompt: 'bfl: wrong', ...sizes, [field]: value });
    expect(response.status).toBe(422);
    const { detail } = await response.json<Detail>();
    expect(detail[0]?.loc.slice(0, 2)).toEqual(['body', field]);
    expect(detail[0]?.msg.length).toBeGreaterThan(10);
    expect(detail[0]?.type).toBe('value_error');
  });

  it('names every field that is wrong', async () => {
    const response = await submit({ prompt: 3, steps: 0, guidance: 99 });
    const { detail } = await response.json<Detail>();
    expect(detail.map(({ loc }) => loc[1])).toEqual(['prompt', 'guidance', 'steps']);
  });

  it('names the size that is too large', async () => {
    const response = await submit({ prompt: 'bfl: large', width: 4096, height: 4096 });
    expect(response.status).toBe(422);
    expect((await response.json<Detail>()).detail[0]).toMatchObject({
      loc: ['body', 'width'],
      msg: expect.stringContaining('4 megapixels'),
    });
  });

  it('takes the largest square there is', async () => {
    expect((await submit({ prompt: 'bfl: largest sandbox:refused', width: 2048, height: 2048 })).status).toBe(200);
  });
});
