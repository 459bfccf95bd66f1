import OpenAI from 'openai';
import { describe, expect, inject, it } from 'vitest';
import { pictureAt, pictureOfBase64 } from './support/fetched-picture.ts';
import { printedBy, type Ran, runNode, runPython, runPythonSilent, runShell } from './support/run-program.ts';
import { recipeOf, uploadedPicture } from './support/uploads.ts';
import { withReplaced } from './support/vendor-page.ts';
import { answers, countSamples, requestIn, samples, withoutComments } from './support/vendor-samples.ts';

const origin = inject('origin');
const key = inject('key');
const pythonPackages = inject('pythonPackages');

it('leaves out no sample of any page', () => {
  const expected = { '1min': 4, aigateway: 3, cometapi: 1, hinow: 3, oxen: 2 };
  const counts = Object.entries(expected).map(([vendor, count]) => [vendor, { onPage: count, here: count }]);
  expect(countSamples()).toEqual(Object.fromEntries(counts));
});

describe("1min.ai's samples", () => {
  const host = { 'https://api.1min.ai': origin };
  interface Answer {
    readonly aiRecord: { readonly status: string; readonly temporaryUrl: string };
  }

  async function expectTheirAnswer(answer: Answer): Promise<void> {
    expect(answer).toEqual(shapeOf(answers['1min']));
    expect(answer).toMatchObject({
      aiRecord: { model: 'black-forest-labs/flux-2-flex', type: 'IMAGE_GENERATOR', status: 'SUCCESS' },
    });
    expect(answer.aiRecord.temporaryUrl.startsWith(`${origin}/`)).toBe(true);
    const picture = await pictureAt(answer.aiRecord.temporaryUrl);
    expect(picture).toMatchObject({ format: 'png', width: 768, height: 1360 });
  }

  it.each([
    { name: 'curl', sample: samples['1min'].curl, placeholder: '<api-key>' },
    { name: "the playground's curl", sample: samples['1min'].playground, placeholder: '<your-api-key>' },
  ])('$name: runs in a shell', async ({ sample, placeholder }) => {
    const ran = await runShell(withReplaced(sample, { ...host, [placeholder]: key }));
    await expectTheirAnswer(JSON.parse(printedBy(ran)));
  });

  it('fetch: runs in Node', async () => {
    const ran = await runNode(withReplaced(samples['1min'].fetch, { ...host, YOUR_API_KEY: key }));
    await expectTheirAnswer(answerIn(ran));
  });

  if (pythonPackages.includes('requests')) {
    it('requests: runs in Python', async () => {
      const ran = await runPythonSilent(withReplaced(samples['1min'].python, { ...host, YOUR_API_KEY: key }));
      await expectTheirAnswer(answerIn(ran));
    });
  }
});

describe("aigateway's samples", () => {
  const host = { 'https://api.aigateway.sh': origin };
  interface Answer {
    readonly data: readonly { readonly url: string }[];
  }

  async function expectTheirAnswer(answer: Answer): Promise<void> {
    expect(answer).toMatchObject(shapeOf(answers.aigateway));
    expect(await pictureAt(answer.data[0]?.url)).toMatchObject({ format: 'png', width: 1024, height: 1024 });
  }

  it('curl: runs in a shell', async () => {
    const ran = await runShell(withReplaced(samples.aigateway.curl, host), { AIGATEWAY_API_KEY: key });
    await expectTheirAnswer(JSON.parse(printedBy(ran)));
  });

  it('the request body: is taken as it stands', async () => {
    const replaced = withReplaced(samples.aigateway.body, { ...host, 'sk-aig-...': key });
    const [line = '', ...rest] = replaced.split('\n');
    const [request = '', contentType = '', auth = ''] = line.split('·');
    const headers = [contentType, auth.replace('Auth', 'Authorization')];
    const json = withoutComments(rest.join('\n').slice(rest.join('\n').indexOf('{')));
    const response = await fetch(requestIn(`${[request, ...headers].join('\n')}\n\n${json}`));
    await expectTheirAnswer(JSON.parse(await response.text()));
  });

  it("the OpenAI quickstart: its calls, by OpenAI's own client", async () => {
    const replaced = withReplaced(samples.aigateway.quickstart, { ...host, 'sk-aig-...': key });
    const { base_url: baseURL, api_key: apiKey, ...asked } = keywordArguments(replaced);
    expect(Object.keys(asked)).toEqual(['model', 'prompt', 'size']);
    const client = new OpenAI({ baseURL: baseURL ?? '', apiKey: apiKey ?? '' });
    const r = await client.images.generate({ prompt: '', ...asked });
    expect(await pictureAt(r.data?.[0]?.url)).toMatchObject({ format: 'png', width: 1024, height: 1024 });
  });

  if (pythonPackages.includes('openai')) {
    it('the OpenAI quickstart: runs in Python', async () => {
      const ran = await runPython(withReplaced(samples.aigateway.quickstart, { ...host, 'sk-aig-...': key }));
      expect(await pictureAt(printedBy(ran).trim())).toMatchObject({ format: 'png', width: 1024, height: 1024 });
    });
  }
});

if (pythonPackages.includes('requests')) {
  describe("CometAPI's sample", () => {
    const sample = withReplaced(samples.cometapi.python, { 'https://api.cometapi.com': origin });

    it.each([
      { name: 'pasted', text: withReplaced(sample, { '<YOUR_COMETAPI_KEY>': key }), variables: {} },
      { name: 'in the environment', text: sample, variables: { COMETAPI_KEY: key } },
    ])('runs in Python with the key $name, and the task that it prints ends with a picture', async (given) => {
      const lines = printedBy(await runPython(given.text, given.variables))
        .trimEnd()
        .split('\n');
      expect(lines).toEqual([
        'Submitting FLUX.2 [flex] image generation task...',
        'Status Code: 200',
        expect.stringMatching(/^Task ID: [\w-]{1,128}$/),
        expect.stringMatching(/^Cost: \d+(\.\d+)? credits$/),
        'Output Megapixels: 2.09',
      ]);
      const id = lines[2]?.replace('Task ID: ', '') ?? '';
      expect(await pictureAt(await resultOf(id))).toMatchObject({ format: 'jpeg', width: 1920, height: 1080 });
    });
  });
}

describe("hinow's samples", () => {
  const host = { 'https://api.hinow.ai': origin };

  it('the chat request: is answered with a picture', async () => {
    const request = requestIn(withReplaced(samples.hinow.chat, { ...host, YOUR_API_KEY: key }));
    const answer: Completion = JSON.parse(await (await fetch(request)).text());
    const message = answer.choices[0]?.message;
    const picture = await pictureAt(/\((http[^)]+)\)/.exec(message?.content ?? '')?.[1]);
    expect(pictureOfBase64(message?.images[0]?.image_url.url).bytes).toEqual(Buffer.from(picture.bytes));
  });
  interface Completion {
    readonly choices: readonly {
      readonly message: { content: string; images: readonly { image_url: { url: string } }[] };
    }[];
  }

  it('the image request: is answered with a picture', async () => {
    const request = requestIn(withReplaced(samples.hinow.images, { ...host, YOUR_API_KEY: key }));
    await expectPicture(JSON.parse(await (await fetch(request)).text()));
  });

  it('curl: runs in a shell', async () => {
    const ran = await runShell(withReplaced(samples.hinow.curl, host), { HINOW_API_KEY: key });
    const url = await expectPicture(JSON.parse(printedBy(ran)));
    expect(await recipeOf(url)).toMatchObject({ steps: 25, guidance: 2, prompt: 'A beautiful sunset over mountains' });
  });

  async function expectPicture({ data }: { data: { urls: readonly string[] } }): Promise<string> {
    const [url = ''] = data.urls;
    expect(await pictureAt(url)).toMatchObject({ format: 'jpeg', width: 1024, height: 1024 });
    return url;
  }
});

describe("oxen's samples", () => {
  const host = { 'https://hub.oxen.ai': origin };

  it('the edit: runs in a shell, with another picture', async () => {
    const theirPicture = 'https://hub.oxen.ai/api/repos/elau/assets/file/main/bloxy/bloxy_cropped_512x512.png';
    const sample = withReplaced(samples.oxen.edit, { [theirPicture]: await uploadedPicture(), ...host });
    const answer: Answer = JSON.parse(printedBy(await runShell(sample, { OXEN_API_KEY: key })));
    const url = answer.images[0]?.url ?? '';
    expect(await pictureAt(url)).toMatchObject({ format: 'webp', width: 832, height: 1248 });
    expect(await recipeOf(url)).toMatchObject({
      prompt: expect.stringContaining("Don't include its arms"),
      references: [expect.anything()],
    });
  });
  interface Answer {
    readonly images: readonly { readonly url: string }[];
  }

  it('the model: has the parameters of the page', async () => {
    const ran = await runShell(withReplaced(samples.oxen.model, host), { OXEN_API_KEY: key });
    const model: Model = JSON.parse(printedBy(ran));
    const ownFields = ['prompt', 'input_image', 'aspect_ratio', 'resolution', 'num_inference_steps', 'guidance'];
    const outputFields = ['seed', 'output_format', 'output_quality', 'disable_safety_checker'];
    expect(Object.keys(model.json_request_schema.properties)).toEqual(
      expect.arrayContaining([...ownFields, ...outputFields]),
    );
  });
  interface Model {
    readonly json_request_schema: { readonly properties: object };
  }
});

/** What a program saw that prints one answer as JSON. */
function answerIn<Answer>(ran: Ran): Answer {
  const { status, body }: { status: number; body: string } = JSON.parse(printedBy(ran));
  expect(status, body).toBe(200);
  return JSON.parse(body);
}

/** The picture of a CometAPI task, once there is one. */
async function resultOf(id: string): Promise<string> {
  for (;;) {
    const headers = { authorization: key };
    const response = await fetch(`${origin}/flux/v1/get_result?id=${id}`, { headers });
    const { status, result }: { status: string; result: { sample: string } | null } = JSON.parse(await response.text());
    if (status !== 'Pending') return result?.sample ?? status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The texts that a Python program passes by name. */
function keywordArguments(program: string): Readonly<Record<string, string>> {
  const found = [...program.matchAll(/\b(\w+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

/** The fields of an answer, with the type of what each holds in place of it. */
function shapeOf(value: object): object;
function shapeOf(value: unknown): unknown;
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return expect.any(Object(value).constructor);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
}
