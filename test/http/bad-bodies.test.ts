import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bombPng } from '../support/bomb-png';
import { call } from '../support/front-door';
import { expectNothingShown, type OrderRoute, orderRoutes, refusedField } from '../support/refusal';

const png = pictureBytes('png').toBase64();
const json = { 'content-type': 'application/json' };
const megabyte = 1024 * 1024;

/** Sends a text as the body, and says how long the answer took. */
async function send(route: OrderRoute, body: BodyInit): Promise<Response> {
  const start = Date.now();
  const response = await call(route.path, { body, headers: json });
  expect(Date.now() - start).toBeLessThan(1000);
  return response;
}

/** A body with the fields that the route needs, and some more as raw JSON. */
function bodyWith(route: OrderRoute, more: string): string {
  const references = route.path.endsWith('edits') ? { image: png } : {};
  const given = JSON.stringify({ ...route.fields, ...references });
  return `${given.slice(0, -1)},${more}}`;
}

describe.each(orderRoutes)('$path', (route) => {
  const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
  const noJson = {
    nothing: '',
    'white space': ' \n',
    'half an object': '{"prompt":',
    'an open string': '{"prompt":"x',
    'two values': '{"prompt":"x"}{"prompt":"y"}',
    'single quotes': "{'prompt':'x'}",
    'a comma too many': '{"prompt":"x",}',
    NaN: '{"prompt":"x","steps":NaN}',
    Infinity: '{"prompt":"x","steps":-Infinity}',
    'a comment': '{"prompt":"x" /* y */}',
    'a form': 'prompt=x&steps=4',
    'a NUL': '\u0000',
    'no UTF-8': Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    'UTF-16': Uint8Array.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    'a picture': pictureBytes('png'),
    'arrays in arrays': deep('[', ']'),
    'objects in objects': deep('{"a":', '1').replace(/1+$/, (ones) => `1${'}'.repeat(ones.length)}`),
    'arrays that never close': '['.repeat(100_000),
    'a deep prompt': `{"prompt":${deep('[', ']')}}`,
  };
  it.each(Object.entries(noJson))('refuses what is no JSON, or no JSON to read: %s', async (_, body) => {
    await refusedField(route, await send(route, body));
  });

  it.each(['null', 'true', '0', '"prompt"', '[]', '[{"prompt":"x"}]'])(
    'refuses what is no object: %s',
    async (body) => {
      await refusedField(route, await send(route, body));
    },
  );

  const wrong = {
    prompt: [
      '"\\ud800"',
      '"a\\udc00b"',
      '{"\\udfff":"x"}',
      '{"a":["\\ud83d"]}',
      'null',
      '12',
      '[]',
      '{}',
      '""',
      `"${'x'.repeat(megabyte)}"`,
    ],
    steps: [
      '1e400',
      '-1e400',
      '1e21',
      '-1',
      '0',
      '4.5',
      '"4.5"',
      '"NaN"',
      '"1e400"',
      '[]',
      '{}',
      'true',
      '9007199254740993',
    ],
    guidance: ['1e400', '-1e400', '-0.1', '"Infinity"', '""', '"five"', '[5]'],
    seed: ['1e400', '-2', '123456789012345678901234567890', '"0x10"', '1.5', '{}'],
    safety_tolerance: ['1e400', '99', '-1', '"strict"'],
    prompt_upsampling: ['2', '"perhaps"', '{}'],
    output_format: ['"bmp"', '7', `"${'p'.repeat(megabyte)}"`],
    width: ['1e400', '-64', '63', '1e9', '"wide"'],
    height: ['1e400', '-64', '63', '1e9', '"high"'],
    aspect_ratio: ['7', `"${'1'.repeat(megabyte)}:1"`],
  };
  const values = Object.entries(wrong).flatMap(([field, texts]) =>
    texts.map((text) => ({ field, text, shown: text.slice(0, 40) })),
  );
  it.each(values)('names $field for $shown', async ({ field, text }) => {
    const prompt = field === 'prompt' ? '' : '"prompt":"x",';
    const body = bodyWith(route, `${prompt}"${field}":${text}`);
    const told = await refusedField(route, await send(route, body));
    expect(told?.split('.')[0]).toBe(field);
  });

  const field = route.path.includes('images') ? 'input_images' : 'input_image';
  const pictures = {
    'a bomb': bombPng(100_000, 100_000).toBase64(),
    'a taller bomb': bombPng(1, 2 ** 31 - 1).toBase64(),
    'a picture without pixels': bombPng(0, 0).toBase64(),
    'half a picture': pictureBytes('png').slice(0, 500).toBase64(),
    'half a JPEG': pictureBytes('jpeg').slice(0, 200).toBase64(),
    'half a WebP': pictureBytes('webpLossy').slice(0, 60).toBase64(),
    'half a GIF': pictureBytes('gif').slice(0, 200).toBase64(),
    'an AVIF': pictureBytes('avif').toBase64(),
    'an SVG': btoa('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    'a signature alone': 'iVBORw0KGgo=',
    text: btoa('hello, I am a picture'),
    'no base64': '!!!! not base64 !!!!',
    'a data URL of text': 'data:text/plain,hello',
    'an empty data URL': 'data:image/png;base64,',
    'a file': 'file:///etc/passwd',
    'a lone surrogate': '\ud800',
    'zeros without end': 'A'.repeat(2 * megabyte),
  };
  it.each(Object.entries(pictures))('names the reference that is %s', async (_, picture) => {
    const value = field === 'input_image' ? picture : [picture];
    const body = bodyWith(route, `"prompt":"x","${field}":${JSON.stringify(value)}`);
    const told = await refusedField(route, await send(route, body));
    expect(told?.split('.')[0]).toBe(field);
  });

  it('refuses fifty references before it reads them', async () => {
    const many = Array.from(
      { length: 50 },
      (_, index) => [`input_image${index === 0 ? '' : `_${index + 1}`}`, png] as const,
    );
    const more =
      field === 'input_image' ? Object.fromEntries(many) : { input_images: many.map(([, picture]) => picture) };
    const body = bodyWith(route, `"prompt":"x",${JSON.stringify(more).slice(1, -1)}`);
    const told = await refusedField(route, await send(route, body));
    expect(told).toMatch(/^input_image(s|_9)/);
  });

  it('is not led astray by names that every object has', async () => {
    const plain = await call(route.path, { body: bodyWith(route, '"prompt":"astray","seed":1'), headers: json });
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const body = bodyWith(route, `"prompt":"astray","seed":1,"${name}":{"steps":1,"prompt":"polluted"}`);
      const response = await send(route, body);
      expectNothingShown((await response.text()).slice(0, 3_000));
      const isIgnored = response.headers.get('x-fluxgate-fingerprint') === plain.headers.get('x-fluxgate-fingerprint');
      expect(response.status === route.status || (response.status === 200 && isIgnored)).toBe(true);
    }
    expect(Reflect.get({}, 'steps')).toBeUndefined();
  });

  it('looks through a prompt of many keys, and does not begin with one of too many', async () => {
    const promptOf = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',')}}`;
    const many = await send(route, bodyWith(route, `"prompt":${promptOf(20_000)}`));
    expect(await refusedField(route, many)).toBe('prompt');
    const tooMany = bodyWith(route, `"prompt":${promptOf(500_000)}`);
    await refusedField(route, await send(route, tooMany));
    await refusedField(route, await send(route, `[${'[],'.repeat(4 * megabyte)}[]]`));
  });

  it('finds a picture of 28 MB that is none', async () => {
    const value = 'A'.repeat(28 * megabyte);
    const text = bodyWith(route, `"prompt":"x","${field}":${field === 'input_image' ? `"${value}"` : `["${value}"]`}`);
    const told = await refusedField(route, await call(route.path, { body: text, headers: json }));
    expect(told?.split('.')[0]).toBe(field);
  });

  it('takes no body of more than 30 MB, whether its length is told or not', async () => {
    const large = new Uint8Array(30 * megabyte + 1).fill(0x20);
    await refusedField(route, await call(route.path, { body: large, headers: json }), 413);
    const told = { ...json, 'content-length': String(31 * megabyte) };
    await refusedField(route, await call(route.path, { body: 'x', headers: told }), 413);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += megabyte;
        controller.enqueue(new Uint8Array(megabyte).fill(0x20));
      },
    });
    await refusedField(route, await call(route.path, { body: endless, headers: json }), 413);
    expect(sent).toBeLessThan(128 * megabyte);
  });
});
