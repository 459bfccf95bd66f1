import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { callFal, type FalError, model, run, submit } from '../support/fal-caller';

const reference = pictureBytes('png').toBase64();

describe('input that is wrong', () => {
  const long = 'x'.repeat(32_001);
  const shared = [
    { field: 'prompt', values: [undefined, null, '', '   ', long, 3, true, ['a'], {}] },
    { field: 'guidance_scale', values: [1.4, 10.1, -1, 'much', true, {}] },
    { field: 'num_inference_steps', values: [1, 0, 51, 2.5, -1, 'many', false] },
    { field: 'seed', values: [-2, 2 ** 32, 1.5, 'x', true, {}] },
    { field: 'safety_tolerance', values: [0, 6, '0', '6', 'low', true, 1.5] },
    { field: 'enable_safety_checker', values: ['yes', 3, {}] },
    { field: 'enable_prompt_expansion', values: ['yes', 3, []] },
    { field: 'output_format', values: ['webp', 'jpg', 'PNG', 3, ''] },
    { field: 'sync_mode', values: ['maybe', 2, {}] },
    { field: 'num_images', values: [0, 2, '4', -1, 'one', true] },
    {
      field: 'image_size',
      values: ['huge', '1024x1024', 3, [], '', true, { width: 63, height: 64 }, { height: 4097 }],
    },
    { field: 'image_size', values: [{ width: 4096, height: 4096 }, { width: 64.5 }, { width: 'wide' }] },
  ];
  const generation = [...shared, { field: 'image_size', values: ['auto'] }];
  const edits = [
    ...shared,
    { field: 'image_urls', values: [undefined, null, [], reference, {}, [3], [null], Array(11).fill(reference)] },
    { field: 'image_urls', values: [['not a picture'], ['ftp://example.com/a.png'], ['http://10.0.0.1/'], ['AAAA']] },
  ];
  const every = (cases: typeof shared) =>
    cases.flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(every(generation))('names $field for $value', async ({ field, value }) => {
    for (const order of [submit, run]) await expectIssue(await order({ prompt: 'fal: wrong', [field]: value }), field);
  });

  it.each(every(edits))('names $field for $value in an edit', async ({ field, value }) => {
    const input = { prompt: 'fal: wrong', image_urls: [reference], [field]: value };
    await expectIssue(await submit(input, { isEdit: true }), field);
  });

  it('names every field that is wrong, and the place in a list as text', async () => {
    const response = await submit({ prompt: 3, num_inference_steps: 0, guidance_scale: 99 });
    const { detail } = await response.json<FalError>();
    const fields = Array.isArray(detail) ? detail.map(({ loc }) => loc[1]) : [];
    expect(fields.toSorted()).toEqual(['guidance_scale', 'num_inference_steps', 'prompt']);
    const edit = await submit({ prompt: 'fal: place', image_urls: [reference, 'nothing'] }, { isEdit: true });
    expect(await edit.json()).toMatchObject({ detail: [{ loc: ['body', 'image_urls', '1'] }] });
  });

  it.each(['{', 'null', '[]', '"text"', '3', ''])('is refused where it is no object: %s', async (body) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const response = await callFal(`/fal/${model}`, { method: 'POST', body, headers: { 'content-type': type } });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ detail: [{ loc: ['body'], type: 'value_error' }] });
    }
  });

  it.each([
    'not a url',
    'http://example.com/hook',
    'https://127.0.0.1/hook',
    'ftp://example.com/',
    `https://example.com/${'a'.repeat(2100)}`,
  ])('names fal_webhook for %s', async (url) => {
    const response = await submit({ prompt: 'fal: hook' }, { query: `?fal_webhook=${encodeURIComponent(url)}` });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['query', 'fal_webhook'] }] });
  });
});

async function expectIssue(response: Response, field: string): Promise<void> {
  expect(response.status).toBe(422);
  const { detail, message } = await response.json<FalError>();
  if (!Array.isArray(detail)) throw new Error('The detail is no list.');
  expect(detail[0].loc.slice(0, 2)).toEqual(['body', field]);
  expect(detail[0].loc.every((part: unknown) => typeof part === 'string')).toBe(true);
  expect(detail[0].msg.length).toBeGreaterThan(10);
  expect(message).toContain(field);
}
