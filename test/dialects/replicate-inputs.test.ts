import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { bytesAt, call } from '../support/front-door';
import { fingerprintOf, type Prediction, predict, predicted } from '../support/replicate-caller';

/** Is refused before anything is drawn: enough where only the request matters. */
const undrawn = 'sandbox:moderated-request';

describe('every input', () => {
  const base = { prompt: `replicate: inputs ${undrawn}`, seed: 11 };
  const defaults = {
    ...{ input_images: [], aspect_ratio: '1:1', resolution: '1 MP', steps: 30, guidance: 4.5, safety_tolerance: 2 },
    ...{ prompt_upsampling: true, output_format: 'webp', output_quality: 80 },
  };
  const changes = [
    { prompt: `replicate: other ${undrawn}` },
    { seed: 12 },
    { aspect_ratio: '16:9' },
    { resolution: '2 MP' },
    { aspect_ratio: 'custom', width: 512, height: 1024 },
    { steps: 50 },
    { guidance: 5 },
    { safety_tolerance: 5 },
    { prompt_upsampling: false },
    { input_images: [pictureBytes('png').toBase64()] },
  ];
  it.each(changes)('is part of the picture: %o', async (change) => {
    expect(await fingerprintOf({ ...base, ...change })).not.toBe(await fingerprintOf(base));
  });

  it('that decides the file alone leaves the picture the same', async () => {
    const changed = { ...base, output_format: 'jpg', output_quality: 10 };
    expect(await fingerprintOf(changed)).toBe(await fingerprintOf(base));
  });

  it('takes its default where it is absent or null', async () => {
    const nulls = Object.fromEntries(Object.keys(defaults).map((name) => [name, null]));
    const absent = await fingerprintOf(base);
    expect(await fingerprintOf({ ...base, ...defaults })).toBe(absent);
    expect(await fingerprintOf({ ...base, ...nulls, width: null, height: null })).toBe(absent);
  });

  it('may be a number sent as text', async () => {
    const numbers = { ...base, steps: 12, guidance: 2.5, safety_tolerance: 1, prompt_upsampling: false };
    const texts = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
    expect(await fingerprintOf(texts)).toBe(await fingerprintOf(numbers));
  });

  it.each([
    { output_format: undefined, contentType: 'image/webp' },
    { output_format: 'jpg', contentType: 'image/jpeg' },
    { output_format: 'png', contentType: 'image/png' },
  ])('is delivered as $contentType for output_format $output_format', async ({ output_format, contentType }) => {
    const { output } = await predicted({ prompt: 'replicate: formats', seed: 1, output_format });
    const url = new URL(output ?? '');
    const picture = await call(url.pathname + url.search, { key: null });
    expect(picture.headers.get('content-type')).toBe(contentType);
  });

  it('is asked for in the quality that was sent, which is 80 where none was', async () => {
    const qualityOf = async (output_quality?: number) => {
      const input = { prompt: 'replicate: quality', seed: 1, output_format: 'jpg', output_quality };
      return new URL((await predicted(input)).output ?? '').searchParams.get('q');
    };
    expect(await Promise.all([qualityOf(), qualityOf(33), qualityOf(0)])).toEqual(['80', '33', '1']);
  });
});

describe('sizes', () => {
  const reference = pictureBytes('png').toBase64();
  const match = { aspect_ratio: 'match_input_image', input_images: [reference] };
  const cases = [
    { input: {}, size: [1024, 1024] },
    { input: { aspect_ratio: '16:9' }, size: [1360, 768] },
    { input: { aspect_ratio: '4:5' }, size: [912, 1152] },
    { input: { resolution: '0.5 MP' }, size: [720, 720] },
    { input: { resolution: '4 MP' }, size: [2048, 2048] },
    { input: { aspect_ratio: '16:9', resolution: '4 MP' }, size: [2048, 1152] },
    { input: { aspect_ratio: '9:16', resolution: '2 MP' }, size: [1088, 1936] },
    { input: { aspect_ratio: 'custom', width: 1000, height: 300 }, size: [1000, 300] },
    { input: { aspect_ratio: 'custom', width: 640 }, size: [640, 1024] },
    { input: { ...match, resolution: 'match_input_image' }, size: [928, 560] },
    { input: { ...match, resolution: '2 MP' }, size: [1872, 1120] },
    { input: { ...match, resolution: '4 MP' }, size: [2048, 1232] },
    { input: { ...match, aspect_ratio: '1:1', resolution: 'match_input_image' }, size: [720, 720] },
    { input: { aspect_ratio: 'match_input_image', resolution: 'match_input_image' }, size: [1024, 1024] },
    { input: { aspect_ratio: 'match_input_image', resolution: '0.5 MP' }, size: [720, 720] },
  ];
  it.each(cases)('$input gives $size', async ({ input, size }) => {
    const { input: shown } = await (await predict({ prompt: undrawn, ...input })).json<Prediction>();
    expect([shown.width, shown.height]).toEqual(size);
  });

  it("are a reference's own where they are from 0.5 to 4 MP", async () => {
    const { output } = await predicted({ prompt: 'replicate: own size', width: 1000, height: 700 });
    const like = { prompt: undrawn, input_images: [output], resolution: 'match_input_image' };
    const matched = await predict({ ...like, aspect_ratio: 'match_input_image' });
    expect((await matched.json<Prediction>()).input).toMatchObject({ width: 1000, height: 700 });
    const square = await predict({ ...like, aspect_ratio: '1:1' });
    expect((await square.json<Prediction>()).input).toMatchObject({ width: 832, height: 832 });
  });

  it('are delivered to the pixel', async () => {
    const { output } = await predicted({ prompt: 'replicate: to the pixel', width: 300, height: 259 });
    const png = await readPng(await bytesAt(output ?? ''));
    expect([png.width, png.height]).toEqual([300, 259]);
  });
});
