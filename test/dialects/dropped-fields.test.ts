import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { call } from '../support/front-door';
import { editForm, fingerprintOf } from '../support/openai-caller';

const prompt = 'dropped fields';
const messages = [{ role: 'user', content: prompt }];
const hinow = (parameters: object, root: object = {}) => ['/v1/images', { prompt, ...root, parameters }] as const;
const chat = (root: object, image_config?: object) =>
  ['/v1/chat/completions', { messages, image_config, ...root }] as const;
const openai = (body: object) => ['/v1/images/generations', { prompt, ...body }] as const;

async function printOf([path, json]: readonly [string, object]): Promise<string | null> {
  const response = await call(path, { json });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return fingerprintOf(response);
}

describe('the same picture', () => {
  const small = { width: 64, height: 64, seed: 4 };
  it.each([
    ['hinow: steps', hinow({ ...small, steps: 25 }), hinow({ ...small, num_inference_steps: 25 })],
    ['hinow: guidance', hinow({ ...small, guidance: '7.5' }), hinow({ ...small, guidance_scale: 7.5 })],
    ['hinow: both alike', hinow({ ...small, steps: 25, num_inference_steps: '25' }), hinow({ ...small, steps: 25 })],
    ['hinow: beside the prompt', hinow(small, { steps: 5 }), hinow({ ...small, steps: 5 })],
    ['hinow: size beside its edges', hinow({ ...small, size: '64x64' }), hinow(small)],
    ['chat: steps', chat({ seed: 4, steps: 5, size: '64x64' }), chat({ seed: 4 }, { width: 64, height: 64, steps: 5 })],
    ['chat: guidance', chat({ ...small, guidance: 9 }), chat({ seed: 4 }, { width: 64, height: 64, guidance: 9 })],
    ['chat: size', chat({ seed: 4 }, { size: '64x80' }), chat({ seed: 4 }, { width: 64, height: 80 })],
    ['chat: aspect_ratio', chat({ seed: 4, aspect_ratio: '16:9' }), chat({ seed: 4 }, { aspect_ratio: '16:9' })],
    [
      'chat: both alike',
      chat({ seed: 4, aspect_ratio: '4:5' }, { aspect_ratio: '4:5' }),
      chat({ seed: 4, aspect_ratio: '4:5' }),
    ],
    ['openai: size beside its edges', openai({ ...small, size: '64x64' }), openai(small)],
  ])('is made by another name for a field: %s', async (_name, one, other) => {
    const [first, second] = [await printOf(one), await printOf(other)];
    expect(first).toBe(second);
  });

  it('is made of the fields of a form that Python wrote', async () => {
    const file = new File([pictureBytes('png')], 'one.png', { type: 'image/png' });
    const form = (prompt_upsampling: string) =>
      editForm([
        ['prompt', 'dropped: python'],
        ['seed', '1'],
        ['image', file],
        ['prompt_upsampling', prompt_upsampling],
      ]);
    const [python, plain, on] = [await form('False'), await form('false'), await form('True')];
    expect([python.status, on.status]).toEqual([200, 200]);
    expect(fingerprintOf(python)).toBe(fingerprintOf(plain));
    expect(fingerprintOf(on)).not.toBe(fingerprintOf(plain));
  });
});

describe('a field that cannot be obeyed', () => {
  it.each([
    ['steps', hinow({ steps: 51 })],
    ['steps', hinow({ steps: 25, num_inference_steps: 30 })],
    ['guidance', hinow({ guidance: 9, guidance_scale: 5 })],
    ['guidance', hinow({ guidance_scale: 5 }, { guidance: 9 })],
    ['size', hinow({ size: '512x512', width: 256 })],
    ['response_format', hinow({ response_format: 'b64_json' })],
    ['response_format', hinow({}, { response_format: 'b64_json' })],
    ['steps', chat({ steps: 51 })],
    ['steps', chat({ steps: 5 }, { steps: 6 })],
    ['aspect_ratio', chat({ aspect_ratio: '7:5' })],
    ['size', chat({ size: 'big' })],
    ['size', chat({ size: '512x512', width: 256 })],
    ['image_config.size', chat({}, { size: '512x512', height: 256 })],
    ['image_config.size', chat({}, { size: '4096x4096' })],
    ['size', openai({ size: '512x512', width: 256 })],
    ['size', openai({ size: '512x512', height: 256 })],
    ['image_prompt', ['/flux/v1/flux-2-flex', { prompt, image_prompt: 'aGk=' }]],
    ['input_image_blob_path', ['/flux/v1/flux-2-flex', { prompt, input_image_blob_path: 'a/b' }]],
    ['image_prompt', ['/v1/flux-2-flex', { prompt, image_prompt: 'https://example.com/a.png' }]],
    ['input_image_blob_path', ['/v1/flux-2-flex', { prompt, input_image_blob_path: 'a/b' }]],
  ] as const)('is refused by its name, and nothing is bought: %s in %j', async (field, [path, json]) => {
    const response = await call(path, { json });
    expect([400, 422]).toContain(response.status);
    expect(response.headers.get('x-fluxgate-fingerprint')).toBeNull();
    const text = await response.text();
    expect(text).toContain(field);
    if (field.startsWith('i') && !field.includes('.')) expect(text).toContain('input_image');
  });

  it.each(['image_prompt', 'input_image_blob_path'])(
    'is as if it were not there where it is null: %s',
    async (field) => {
      const response = await call('/v1/flux-2-flex', { json: { prompt, width: 64, height: 64, [field]: null } });
      expect(response.status).toBe(200);
    },
  );

  it('is told of where another one wins: an aspect ratio beside a size', async () => {
    const [path, json] = openai({ size: '64x64', aspect_ratio: '16:9' });
    expect((await call(path, { json })).headers.get('x-fluxgate-notes')).toContain('aspect_ratio');
  });
});
