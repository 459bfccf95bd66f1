import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { addAccount } from '../support/accounts';
import { ended, fingerprintIn, look, made, type Result, submit, submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { bytesAt, call, origin } from '../support/front-door';
import { taskAt } from '../support/task-caller';

const now = () => Date.now() / 1000;

describe('submitting', () => {
  it('answers an id, an absolute polling URL and numbers, and nothing else', async () => {
    const accepted = await submitted({ prompt: 'bfl: submitting', width: 1024, height: 1024 });
    expect(accepted).toEqual({
      id: expect.stringMatching(/^[\w-]{1,128}$/),
      polling_url: `${origin}/v1/get_result?id=${accepted.id}`,
      cost: 5.25,
      input_mp: 0,
      output_mp: 1.05,
    });
  });

  it('names the origin that the caller used in every URL', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' };
    const accepted = await submitted({ prompt: 'bfl: origin' }, { headers });
    expect(new URL(accepted.polling_url).origin).toBe(origin);
    const picture = await ended(accepted.id);
    expect(new URL(picture.result?.sample ?? '').origin).toBe(origin);
  });

  it('goes from Pending to Ready with the seed, the prompt, the times and the picture', async () => {
    const before = now();
    const prompt = 'bfl: a whole task sandbox:slow';
    const { id } = await submitted({ prompt, seed: 7 });
    expect(await look(id)).toMatchObject({ id, status: 'Pending', result: null, details: null, preview: null });
    await taskAt(id, 'rendering');
    const last = await afterSeconds(21, () => ended(id));
    expect(last).toMatchObject({ id, status: 'Ready', progress: 1, details: null, preview: null });
    expect(last.result).toMatchObject({ seed: 7, prompt });
    const { sample, start_time, end_time, duration } = resultOf(last);
    expect(start_time).toBeGreaterThanOrEqual(before - 1);
    expect(end_time).toBeGreaterThanOrEqual(start_time);
    expect(end_time).toBeLessThanOrEqual(now() + 22);
    expect(duration).toBeCloseTo(end_time - start_time, 5);
    const png = await readPng(await bytesAt(sample));
    expect([png.width, png.height]).toEqual([64, 64]);
  });

  it('counts the characters of a prompt as a person does, whoever makes the picture', async () => {
    const accepted = await submit({ prompt: '\u{1f600}'.repeat(32_000), seed: 1 });
    expect(accepted.status, await accepted.clone().text()).toBe(200);
    expect((await submit({ prompt: '\u{1f600}'.repeat(32_001), seed: 1 })).status).toBe(422);
  });

  it('tells the seed that it drew, and makes the same picture when it is asked for with that seed', async () => {
    for (const seed of [null, -1, undefined]) {
      const first = await made({ prompt: `bfl: drawn seed ${seed}`, seed });
      expect(first.seed).toBeGreaterThanOrEqual(0);
      const again = await made({ prompt: `bfl: drawn seed ${seed}`, seed: first.seed });
      expect(again.sample).toBe(first.sample);
    }
  });

  it('draws another seed each time that none is given', async () => {
    const seeds = await Promise.all([1, 2, 3].map(async () => (await made({ prompt: 'bfl: no seed' })).seed));
    expect(new Set(seeds).size).toBe(3);
  });

  it('makes a JPEG where no format is given', async () => {
    const { sample } = await made({ prompt: 'bfl: default format', output_format: null });
    expect(sample).toMatch(/\.jpg$/);
    expect((await bytesAt(sample)).slice(0, 3).toHex()).toBe('ffd8ff');
  });

  it('answers Ready at once for a picture that is stored', async () => {
    const body = { prompt: 'bfl: stored', seed: 3 };
    const first = await made(body);
    const again = await submit(body);
    expect(again.headers.get('x-fluxgate-source')).toBe('hit');
    const { id } = await again.json<{ id: string }>();
    const result = await look(id);
    expect(result).toMatchObject({ status: 'Ready', progress: 1, result: { sample: first.sample, seed: 3 } });
    expect(resultOf(result).duration).toBeGreaterThanOrEqual(0);
  });
});

describe('sizes', () => {
  const cases = [
    { name: 'an aspect ratio alone', body: { aspect_ratio: '16:9' }, size: [1360, 768] },
    {
      name: 'width and height before an aspect ratio',
      body: { aspect_ratio: '16:9', width: 128, height: 64 },
      size: [128, 64],
    },
    { name: 'one edge alone', body: { width: 96 }, size: [96, 1024] },
    { name: 'zero, as nothing at all', body: { width: 0, height: 0 }, size: [1024, 1024] },
    { name: 'nothing', body: {}, size: [1024, 1024] },
    { name: 'an edge that is no multiple of 16', body: { width: 100, height: 70 }, size: [100, 70] },
    {
      name: "a small reference's aspect ratio",
      body: { input_image: pictureBytes('png').toBase64() },
      size: [656, 400],
    },
  ];
  it.each(cases)('takes $name', async ({ name, body, size }) => {
    const accepted = await submitted({ prompt: `bfl size: ${name}`, width: undefined, height: undefined, ...body });
    const { sample } = resultOf(await ended(accepted.id));
    const png = await readPng(await bytesAt(sample));
    expect([png.width, png.height]).toEqual(size);
  });

  it("takes a reference's size where the model can make it", async () => {
    const { sample: input_image } = await made({ prompt: 'bfl size: original', width: 176, height: 100 });
    const { sample } = await made({ prompt: 'bfl size: edited', width: undefined, height: undefined, input_image });
    const png = await readPng(await bytesAt(sample));
    expect([png.width, png.height]).toEqual([176, 100]);
  });
});

describe('every field', () => {
  const base = { prompt: 'bfl: fields', seed: 11, prompt_upsampling: true, guidance: 5, safety_tolerance: 2 };
  const changes = [
    { prompt_upsampling: false },
    { seed: 12 },
    { guidance: 1.5 },
    { steps: 5 },
    { safety_tolerance: 0 },
    { width: 80 },
    { height: 80 },
    { input_image: pictureBytes('jpeg').toBase64() },
  ];
  it.each(changes)('is part of the picture: %o', async (change) => {
    const [one, other] = await Promise.all([made(base), made({ ...base, ...change })]);
    expect(fingerprintIn(other.sample)).not.toBe(fingerprintIn(one.sample));
  });

  it('that only decides the delivery leaves the picture the same', async () => {
    const [one, other] = await Promise.all([made(base), made({ ...base, output_format: 'webp' })]);
    expect(fingerprintIn(other.sample)).toBe(fingerprintIn(one.sample));
    expect(new TextDecoder().decode((await bytesAt(other.sample)).slice(8, 12))).toBe('WEBP');
  });

  it('takes its defaults when it is null, as when it is absent', async () => {
    const absent = await made({ prompt: 'bfl: nulls', seed: 1, steps: undefined });
    const nulls = { prompt_upsampling: null, guidance: null, steps: null, safety_tolerance: null, input_image: null };
    const explicit = { prompt_upsampling: true, guidance: 5, steps: 50, safety_tolerance: 2 };
    expect((await made({ prompt: 'bfl: nulls', seed: 1, ...nulls })).sample).toBe(absent.sample);
    expect((await made({ prompt: 'bfl: nulls', seed: 1, ...explicit })).sample).toBe(absent.sample);
  });

  it('is ignored when BFL does not know it', async () => {
    const known = await made({ prompt: 'bfl: unknown', seed: 1 });
    const unknown = { raw: true, image_prompt_strength: 0.5, interval: 2, model: 'x' };
    expect((await made({ prompt: 'bfl: unknown', seed: 1, ...unknown })).sample).toBe(known.sample);
  });
});

describe('references', () => {
  const names = ['png', 'jpeg', 'webpLossy', 'gif', 'pngAlpha', 'pngPalette', 'jpegExif', 'webpLossless'] as const;
  const eight = Object.fromEntries(
    names.map((name, index) => [
      index === 0 ? 'input_image' : `input_image_${index + 1}`,
      pictureBytes(name).toBase64(),
    ]),
  );

  it('are eight at the most, of every format', async () => {
    const accepted = await submitted({ prompt: 'bfl: eight', ...eight });
    expect((await ended(accepted.id)).status).toBe('Ready');
    const { sample } = await made({ prompt: 'bfl: eight', seed: 1, ...eight });
    const recipe = await (await call(`/images/${fingerprintIn(sample)}.json`)).json<{
      recipe: { references: object[] };
    }>();
    expect(recipe.recipe.references).toHaveLength(8);
  });

  it('are counted and charged by their megapixels', async () => {
    const { sample: input_image } = await made({ prompt: 'bfl: a megapixel', width: 1024, height: 1024 });
    const body = { prompt: 'bfl: charged', input_image, input_image_2: input_image, width: 2048, height: 2048 };
    expect(await submitted(body)).toMatchObject({ input_mp: 2.1, output_mp: 4.19, cost: 31.45 });
  });

  it('stand for the same picture as base64, as a data URL and as one of our own URLs', async () => {
    const own = await made({ prompt: 'bfl: the reference', seed: 1 });
    const base64 = (await bytesAt(own.sample)).toBase64();
    const forms = [base64, `data:image/png;base64,${base64}`, own.sample];
    const prints = await Promise.all(
      forms.map(async (input_image) =>
        fingerprintIn((await made({ prompt: 'bfl: edited', seed: 1, input_image })).sample),
      ),
    );
    expect(new Set(prints).size).toBe(1);
  });

  it('count in their order', async () => {
    const [a, b] = [pictureBytes('png').toBase64(), pictureBytes('jpeg').toBase64()];
    const one = await made({ prompt: 'bfl: order', seed: 1, input_image: a, input_image_2: b });
    const other = await made({ prompt: 'bfl: order', seed: 1, input_image: b, input_image_2: a });
    expect(fingerprintIn(one.sample)).not.toBe(fingerprintIn(other.sample));
  });

  it('are refused from the ninth on, by its name', async () => {
    const response = await submit({ prompt: 'bfl: nine', ...eight, input_image_9: pictureBytes('png').toBase64() });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['body', 'input_image_9'], type: 'value_error' }] });
  });
});

describe('polling', () => {
  it('needs no key, and takes the key of the account whose task it is', async () => {
    const { id } = await submitted({ prompt: 'bfl: polling' });
    await ended(id);
    expect((await call(`/v1/get_result?id=${id}`, { key: null })).status).toBe(200);
    expect((await call(`/v1/get_result?id=${id}`)).status).toBe(200);
  });

  it("does not find a task by another account's key", async () => {
    const other = await addAccount('bfl-other');
    const { id } = await submitted({ prompt: 'bfl: whose' });
    const response = await call(`/v1/get_result?id=${id}`, { key: other });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 'Task not found', result: null });
    const theirs = await submitted({ prompt: 'bfl: whose' }, { key: other });
    expect((await call(`/v1/get_result?id=${theirs.id}`, { key: other })).status).toBe(200);
    expect((await call(`/v1/get_result?id=${theirs.id}`)).status).toBe(404);
  });

  it('refuses a key that is wrong, although none is needed', async () => {
    const { id } = await submitted({ prompt: 'bfl: wrong key' });
    expect((await call(`/v1/get_result?id=${id}`, { key: 'fg_wrong' })).status).toBe(403);
  });

  it.each(['nothing', 'a'.repeat(115), `${'A'.repeat(500)}`, '../../v1', '%00', 'ü'])(
    'does not find %s',
    async (id) => {
      const response = await call(`/v1/get_result?id=${encodeURIComponent(id)}`, { key: null });
      expect(response.status).toBe(404);
      expect(await response.json<Result>()).toMatchObject({ status: 'Task not found', result: null });
    },
  );

  it.each(['/v1/get_result', '/v1/get_result?id='])('wants an id: %s', async (path) => {
    const response = await call(path);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['query', 'id'] }] });
  });
});

function resultOf(task: Result): NonNullable<Result['result']> {
  if (task.result === null) throw new Error(`The task stands at ${task.status}.`);
  return task.result;
}
