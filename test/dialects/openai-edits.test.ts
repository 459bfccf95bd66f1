import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesAt, call } from '../support/front-door';
import {
  edit,
  editForm,
  fingerprintOf,
  firstBytes,
  firstUrl,
  generated,
  type OpenaiError,
  picturesIn,
} from '../support/openai-caller';

const png = pictureBytes('png');
const jpeg = pictureBytes('jpeg');
const dataUrl = `data:image/png;base64,${png.toBase64()}`;
const pngFile = new File([png], 'one.png', { type: 'image/png' });
const jpegFile = new File([jpeg], 'two.jpg', { type: 'image/jpeg' });

describe('edits', () => {
  it('answer the picture itself, as OpenAI does, and its URL where that is asked for', async () => {
    const body = { prompt: 'edit: delivery', seed: 1, image: dataUrl };
    const inline = await picturesIn(await edit(body));
    expect(probePicture(firstBytes(inline))).toMatchObject({ format: 'png', width: 64, height: 64 });
    const byUrl = await picturesIn(await edit({ ...body, response_format: 'url' }));
    expect(await bytesAt(firstUrl(byUrl))).toEqual(firstBytes(inline));
  });

  const one = [
    { name: 'image, as a data URL', body: { image: dataUrl } },
    { name: 'image, in a list', body: { image: [dataUrl] } },
    { name: 'image, as base64', body: { image: png.toBase64() } },
    { name: 'image_url, as aigateway has it', body: { image_url: dataUrl } },
    { name: 'images of image_url, as OpenAI has it', body: { images: [{ image_url: dataUrl }] } },
    { name: 'input_image, as BFL has it', body: { input_image: dataUrl } },
    { name: 'input_images', body: { input_images: [dataUrl] } },
  ];
  it.each(one)('take one picture as $name', async ({ body }) => {
    const prompt = { prompt: 'edit: one', seed: 1 };
    const response = await edit({ ...prompt, ...body });
    await picturesIn(response);
    const form = [
      ['prompt', 'edit: one'],
      ['seed', '1'],
      ['image', pngFile],
    ] as const;
    expect(fingerprintOf(await editForm(form))).toBe(fingerprintOf(response));
  });

  it('take several pictures in their order, as JSON and as files', async () => {
    const rest = { prompt: 'edit: two', seed: 1 };
    const listed = await edit({ ...rest, images: [{ image_url: dataUrl }, { image_url: jpeg.toBase64() }] });
    const files = await editForm([
      ['prompt', rest.prompt],
      ['seed', '1'],
      ['image[]', pngFile],
      ['image[]', jpegFile],
    ]);
    const turned = await editForm([
      ['prompt', rest.prompt],
      ['seed', '1'],
      ['image[]', jpegFile],
      ['image[]', pngFile],
    ]);
    await picturesIn(files);
    expect(fingerprintOf(files)).toBe(fingerprintOf(listed));
    expect(fingerprintOf(turned)).not.toBe(fingerprintOf(files));
  });

  it('take one of our own pictures by its URL, cropped ones as they are', async () => {
    const original = await generated({ prompt: 'edit: original', seed: 1, size: '100x70' });
    const bytes = (await bytesAt(firstUrl(original))).toBase64();
    const byUrl = await edit({ prompt: 'edit: own', seed: 1, image_url: firstUrl(original) });
    await picturesIn(byUrl);
    expect(fingerprintOf(byUrl)).toBe(fingerprintOf(await edit({ prompt: 'edit: own', seed: 1, image: bytes })));
  });

  it('take our own pictures in every format that we deliver', async () => {
    for (const output_format of ['jpeg', 'webp', 'avif']) {
      const original = await generated({ prompt: 'edit: formats', seed: 1, output_format, output_compression: 37 });
      const edited = await edit({ prompt: 'edit: of a format', seed: 1, image: firstUrl(original) });
      expect(edited.status).toBe(200);
    }
  });

  it('read numbers and truth values of a form as those of JSON', async () => {
    const fields = { n: 1, steps: 7, guidance: 2.5, seed: 3, prompt_upsampling: false, safety_tolerance: 4 };
    const texts = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
    const form = await editForm([['prompt', 'edit: numbers'], ['image', pngFile], ...texts]);
    await picturesIn(form);
    expect(fingerprintOf(form)).toBe(fingerprintOf(await edit({ prompt: 'edit: numbers', image: dataUrl, ...fields })));
  });

  it('make the size of the picture that they edit, where none is asked for', async () => {
    const original = await generated({ prompt: 'edit: sized', seed: 1, size: '112x80' });
    const body = { prompt: 'edit: same size', seed: 1, size: undefined, image: firstUrl(original) };
    expect((await picturesIn(await edit(body))).size).toBe('112x80');
  });
});

describe('edits that are wrong', () => {
  const cases = [
    { name: 'no picture', body: {}, param: 'image' },
    { name: 'an empty list', body: { image: [] }, param: 'image' },
    { name: 'a mask', body: { image: dataUrl, mask: dataUrl }, param: 'mask' },
    { name: 'a mask by URL', body: { image: dataUrl, mask_url: 'https://example.com/m.png' }, param: 'mask' },
    { name: 'a file of OpenAI', body: { images: [{ file_id: 'file-1' }] }, param: 'images.0' },
    {
      name: 'text for a picture',
      body: { images: [{ image_url: dataUrl }, { image_url: 'hello' }] },
      param: 'images.1.image_url',
    },
    { name: 'a number for a picture', body: { image: 3 }, param: 'image' },
    {
      name: 'eleven pictures',
      body: { images: Array.from({ length: 11 }, () => ({ image_url: dataUrl })) },
      param: 'images',
    },
    {
      name: 'fifty pictures',
      body: { input_images: Array.from({ length: 50 }, () => dataUrl) },
      param: 'input_images',
    },
    {
      name: 'eleven pictures in two fields',
      body: { image: Array.from({ length: 10 }, () => dataUrl), input_image: dataUrl },
      param: 'input_image',
    },
  ];
  it.each(cases)('are told so: $name', async ({ body, param }) => {
    const response = await edit({ prompt: 'edit: wrong', ...body });
    expect(response.status).toBe(400);
    expect((await response.json<OpenaiError>()).error).toMatchObject({ type: 'invalid_request_error', param });
  });

  const forms = [
    { name: 'no picture', fields: [['prompt', 'edit']], param: 'image' },
    { name: 'no prompt', fields: [['image', pngFile]], param: 'prompt' },
    {
      name: 'a mask',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['mask', pngFile],
      ],
      param: 'mask',
    },
    {
      name: 'a file that is text',
      fields: [
        ['prompt', 'x'],
        ['image', new File(['hello'], 'a.png', { type: 'image/png' })],
      ],
      param: 'image',
    },
    {
      name: 'an empty file',
      fields: [
        ['prompt', 'x'],
        ['image', new File([], 'a.png', { type: 'image/png' })],
      ],
      param: 'image',
    },
    {
      name: 'a file cut short',
      fields: [
        ['prompt', 'x'],
        ['image', new File([png.slice(0, 400)], 'a.png')],
      ],
      param: 'image',
    },
    {
      name: 'a file in another field',
      fields: [
        ['prompt', 'x'],
        ['photo', pngFile],
      ],
      param: 'photo',
    },
    {
      name: 'eleven files',
      fields: [['prompt', 'x'], ...Array.from({ length: 11 }, () => ['image[]', pngFile])],
      param: 'image',
    },
    {
      name: 'a number that is none',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['steps', 'NaN'],
      ],
      param: 'steps',
    },
    {
      name: 'an unknown field',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['sampler', 'euler'],
      ],
      param: 'sampler',
    },
    {
      name: 'a prompt given twice',
      fields: [
        ['prompt', 'x'],
        ['prompt', 'y'],
        ['image', pngFile],
      ],
      param: 'prompt',
    },
    {
      name: 'a prompt given twice with the same text',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['prompt', 'x'],
      ],
      param: 'prompt',
    },
    {
      name: 'no prompt',
      fields: [['image', pngFile]],
      param: 'prompt',
    },
    {
      name: 'a name that objects have',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['__proto__', 'x'],
      ],
      param: '__proto__',
    },
    {
      name: 'a list of such names',
      fields: [
        ['prompt', 'x'],
        ['image', pngFile],
        ['__proto__[]', 'x'],
      ],
      param: '__proto__',
    },
  ] as { name: string; fields: [string, string | File][]; param: string }[];
  it.each(forms)('are told so as forms: $name', async ({ fields, param }) => {
    const response = await editForm(fields);
    expect(response.status).toBe(400);
    expect((await response.json<OpenaiError>()).error).toMatchObject({ type: 'invalid_request_error', param });
  });

  it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=other'])(
    'are told so when the form is broken: %s',
    async (type) => {
      const response = await call('/v1/images/edits', { body: 'no form at all', headers: { 'content-type': type } });
      expect(response.status).toBe(400);
      expect((await response.json<OpenaiError>()).error.message).toContain('multipart');
    },
  );

  it('are told so when a form has more fields than anyone needs', async () => {
    const fields = Array.from({ length: 201 }, (_, index) => [`field${index}`, 'x'] as const);
    expect((await editForm(fields)).status).toBe(400);
  });

  it.each(Object.entries(noUtf8))('are told so when a text is not UTF-8: %s', async (_name, bytes) => {
    // The picture has the bytes of U+FFFD itself, and is none of the texts.
    const response = await rawForm([
      { headers: 'name="image"; filename="a.png"', content: withReplacement },
      { headers: 'name="prompt"', content: bytes },
    ]);
    expect(response.status).toBe(400);
    const { error } = await response.json<OpenaiError>();
    expect(error).toMatchObject({ param: 'prompt', message: 'prompt: expected text in UTF-8.' });
  });

  it('take U+FFFD that was sent as such, as JSON does', async () => {
    const text = 'edit: a replacement \ufffd, and \r\n\r\n an empty line';
    const asForm = await rawForm([
      { headers: 'name="prompt"', content: Uint8Array.from(new TextEncoder().encode(text)) },
      { headers: 'name="image"; filename="a.png"', content: png },
      { headers: 'name="seed"', content: Uint8Array.from(new TextEncoder().encode('1')) },
      { headers: 'name="size"', content: Uint8Array.from(new TextEncoder().encode('64x64')) },
    ]);
    const asJson = await edit({ prompt: text, seed: 1, steps: 50, image: dataUrl });
    await picturesIn(asForm);
    expect(fingerprintOf(asForm)).toBe(fingerprintOf(asJson));
  });

  it('look through a form of almost 30 MB that is all but delimiters as through any other', async () => {
    const looked = async (content: Uint8Array<ArrayBuffer>) => {
      const start = performance.now();
      const response = await rawForm([
        { headers: 'name="image"; filename="a.png"', content },
        { headers: 'name="prompt"', content: Uint8Array.of(0xff) },
      ]);
      expect((await response.json<OpenaiError>()).error.param).toBe('prompt');
      return performance.now() - start;
    };
    const delimiters = Uint8Array.from(new TextEncoder().encode('\r\n--'.repeat(7 * 1024 * 1024)));
    const plain = await looked(new Uint8Array(delimiters.length));
    expect(await looked(delimiters)).toBeLessThan(10 * plain);
  });

  it('take several pictures as texts of one name', async () => {
    const rest = [
      ['prompt', 'edit: texts'],
      ['seed', '1'],
    ] as const;
    const pictures = [dataUrl, jpeg.toBase64()];
    const repeated = await editForm([...rest, ...pictures.map((picture) => ['image', picture] as const)]);
    const mixed = await editForm([...rest, ['image', dataUrl], ['image[]', jpeg.toBase64()]]);
    const listed = await edit({ prompt: 'edit: texts', seed: 1, image: pictures });
    await picturesIn(listed);
    expect(fingerprintOf(repeated)).toBe(fingerprintOf(listed));
    expect(fingerprintOf(mixed)).toBe(fingerprintOf(listed));
  });
});

const noUtf8 = {
  'bytes that are none': Uint8Array.of(0xff, 0xfe, 0xfd),
  'half a pair of surrogates': Uint8Array.of(0xed, 0xa0, 0x80),
  'half a character at the end': Uint8Array.of(0x78, 0xe2, 0x82),
};
const withReplacement = Uint8Array.from([...png, 0x0d, 0x0a, 0x0d, 0x0a, 0xef, 0xbf, 0xbd]);

interface FormPart {
  readonly headers: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** A form as bytes: what builds one for us writes UTF-8 alone. */
async function rawForm(parts: readonly FormPart[]): Promise<Response> {
  const boundary = 'a-boundary';
  const pieces = parts.flatMap(({ headers, content }) => [
    `--${boundary}\r\nContent-Disposition: form-data; ${headers}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  const body = await new Blob([...pieces, `--${boundary}--\r\n`]).arrayBuffer();
  return await call('/v1/images/edits', {
    body,
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
  });
}
