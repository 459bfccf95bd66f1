import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { fetchSample } from '../fixtures/1min/fetch-sample';
import { curlSample, playgroundSample, pythonSample } from '../fixtures/1min/samples';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { submit } from '../support/bfl-caller';
import { requestOfCurl } from '../support/curl-sample';
import { bytesAt, type Call, call, origin } from '../support/front-door';

interface Answer {
  readonly aiRecord: {
    readonly uuid: string;
    readonly model: string;
    readonly type: string;
    readonly status: string;
    readonly createdAt: string;
    readonly aiRecordDetail: {
      readonly promptObject: Readonly<Record<string, unknown>>;
      readonly resultObject: readonly string[];
      readonly errorMessage?: string;
    };
    readonly temporaryUrl?: string;
  };
}

const model = 'black-forest-labs/flux-2-flex';
const png = `data:image/png;base64,${pictureBytes('png').toBase64()}`;
const printOf = (response: Response) => response.headers.get('x-fluxgate-fingerprint');

function feature(promptObject: object, envelope: object = {}, options: Call = {}): Promise<Response> {
  return call('/api/features', { json: { type: 'IMAGE_GENERATOR', model, ...envelope, promptObject }, ...options });
}
async function recordOf(response: Response): Promise<Answer['aiRecord']> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json<Answer>()).aiRecord;
}

/** The fingerprint of an order, without the picture: moderation refuses it before anything is drawn. */
async function ordered(promptObject: object, type = 'IMAGE_GENERATOR'): Promise<string | null> {
  const prompt = '1min: ordered sandbox:moderated-request';
  const response = await feature({ prompt, seed: 1, ...promptObject }, { type, async: true });
  await recordOf(response.clone());
  return printOf(response);
}

/** The same, asked for in BFL's words with every value given. */
async function spelledOut(body: object): Promise<string | null> {
  const defaults = { width: 1024, height: 1024, steps: 25, guidance: 3, safety_tolerance: 2, prompt_upsampling: false };
  return printOf(await submit({ prompt: '1min: ordered sandbox:moderated-request', seed: 1, ...defaults, ...body }));
}

describe('the page’s own requests', () => {
  const sent = {
    prompt: 'A vibrant event poster with bold typography: SUMMER FEST 2026, colorful gradient background',
    aspect_ratio: '9:16',
    steps: 30,
    guidance: 4,
    output_format: 'png',
    output_quality: 90,
    safety_tolerance: 2,
  };

  /** `fetch` as the page's sample calls it: the host and the key are replaced, nothing else. */
  async function fetch(url: string, { method, headers, body }: RequestInit): Promise<Response> {
    const own = new Headers(headers);
    if (own.get('api-key') !== 'YOUR_API_KEY') throw new Error('The sample sends no key.');
    own.set('api-key', env.DEV_API_KEY);
    const { pathname } = new URL(url);
    return await call(pathname, {
      method: method ?? '',
      headers: Object.fromEntries(own),
      body: body ?? '',
      key: null,
    });
  }

  it('fetch: gets every field of the sample answer', async () => {
    const before = Date.now();
    const response = await fetchSample(fetch);
    const record = await recordOf(response);
    expect(record).toEqual({
      uuid: expect.stringMatching(/^[\w-]{1,128}$/),
      model,
      type: 'IMAGE_GENERATOR',
      status: 'SUCCESS',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      aiRecordDetail: {
        promptObject: sent,
        resultObject: [expect.stringMatching(/^images\/[0-9a-f]{64}\.png$/)],
      },
      temporaryUrl: expect.stringMatching(
        new RegExp(`^${origin}/temporary/[0-9a-f]{64}\\.png\\?expires=\\d{10}&signature=[\\w-]{22}$`),
      ),
    });
    expect(Date.parse(record.createdAt)).toBeGreaterThanOrEqual(before - 1000);
    const picture = await readPng(await bytesAt(record.temporaryUrl ?? ''));
    expect([picture.width, picture.height]).toEqual([768, 1360]);
  });

  it.each([
    { name: 'curl', sample: curlSample, key: '<api-key>' },
    { name: 'the playground’s curl', sample: playgroundSample, key: '<your-api-key>' },
  ])('$name: works as it stands', async ({ sample, key }) => {
    const { method, url, headers, body } = requestOfCurl(sample);
    expect(headers.get('api-key')).toBe(key);
    headers.set('api-key', env.DEV_API_KEY);
    const response = await call(url.pathname, {
      method,
      headers: Object.fromEntries(headers),
      body: body ?? '',
      key: null,
    });
    const record = await recordOf(response);
    expect(record).toMatchObject({ status: 'SUCCESS', aiRecordDetail: { promptObject: sent } });
  });

  it('Python: works as requests sends it', async () => {
    const data = /^data = (\{.*^\})$/ms.exec(pythonSample)?.[1] ?? '';
    const headers = { 'API-KEY': env.DEV_API_KEY, 'Content-Type': 'application/json', Accept: '*/*' };
    const record = await recordOf(await call('/api/features', { headers, json: JSON.parse(data), key: null }));
    expect(record).toMatchObject({ status: 'SUCCESS', aiRecordDetail: { promptObject: sent } });
  });
});

describe('parameters', () => {
  it('have the page’s defaults, made explicit', async () => {
    expect(await ordered({})).toBe(await spelledOut({}));
    const nulls = { steps: null, guidance: null, safety_tolerance: null, prompt_upsampling: null, aspect_ratio: null };
    expect(await ordered(nulls)).toBe(await spelledOut({}));
  });

  it.each([
    { sent: { steps: 6 }, meant: { steps: 6 } },
    { sent: { steps: '50' }, meant: { steps: 50 } },
    { sent: { guidance: 2 }, meant: { guidance: 2 } },
    { sent: { guidance: '5' }, meant: { guidance: 5 } },
    { sent: { safety_tolerance: 1 }, meant: { safety_tolerance: 1 } },
    { sent: { safety_tolerance: 5 }, meant: { safety_tolerance: 5 } },
    { sent: { safety_tolerance: 6 }, meant: { safety_tolerance: 5 } },
    { sent: { prompt_upsampling: true }, meant: { prompt_upsampling: true } },
    { sent: { seed: '9' }, meant: { seed: 9 } },
    { sent: { output_format: 'jpg', output_quality: 1 }, meant: {} },
    { sent: { shape: 'round', imageUrl: '' }, meant: {} },
    { sent: { aspect_ratio: '1:1' }, meant: {} },
    { sent: { aspect_ratio: '16:9' }, meant: { width: 1360, height: 768 } },
    { sent: { aspect_ratio: '9:16' }, meant: { width: 768, height: 1360 } },
    { sent: { aspect_ratio: '3:2' }, meant: { width: 1248, height: 832 } },
    { sent: { aspect_ratio: '2:3' }, meant: { width: 832, height: 1248 } },
    { sent: { aspect_ratio: '4:5' }, meant: { width: 912, height: 1152 } },
    { sent: { aspect_ratio: '5:4' }, meant: { width: 1152, height: 912 } },
    {
      sent: { prompt: { scene: 'sandbox:moderated-request' } },
      meant: { prompt: { scene: 'sandbox:moderated-request' } },
    },
  ])('$sent is $meant', async ({ sent, meant }) => {
    expect(await ordered(sent)).toBe(await spelledOut(meant));
  });

  it.each([
    { sent: {}, meant: { width: undefined, height: undefined } },
    { sent: { aspect_ratio: 'match_input_image' }, meant: { width: undefined, height: undefined } },
    { sent: { aspect_ratio: '16:9' }, meant: { width: 1360, height: 768 } },
  ])('$sent of an edit is $meant', async ({ sent, meant }) => {
    expect(await ordered({ imageUrl: png, ...sent }, 'IMAGE_EDITOR')).toBe(
      await spelledOut({ input_image: png, ...meant }),
    );
  });

  it('tells of a tolerance that the model does not go to', async () => {
    const prompt = '1min: notes sandbox:moderated-request';
    const told = await feature({ prompt, safety_tolerance: 6 }, { async: true });
    expect(told.headers.get('x-fluxgate-notes')).toContain('safety_tolerance: 6 was taken as 5');
    const silent = await feature({ prompt, safety_tolerance: 5 }, { async: true });
    expect(silent.headers.get('x-fluxgate-notes')).toBeNull();
  });

  it('make several pictures: a path for each, and a temporary URL for the first', async () => {
    const body = { prompt: '1min: several', seed: 1, steps: 6 };
    const { aiRecordDetail, temporaryUrl } = await recordOf(await feature({ ...body, n: 2 }));
    const second = await recordOf(await feature({ ...body, seed: 2 }));
    expect(aiRecordDetail.resultObject).toEqual([expect.any(String), second.aiRecordDetail.resultObject[0]]);
    const first = await bytesAt(`${origin}/${aiRecordDetail.resultObject[0]}`);
    expect(await bytesAt(temporaryUrl ?? '')).toEqual(first);
  });

  it('are echoed where they are known, and only there', async () => {
    const known = { prompt: '1min: echo', steps: '6', seed: 1, output_format: 'jpg', output_quality: 33 };
    const { aiRecordDetail, temporaryUrl } = await recordOf(await feature({ ...known, token: 'fg_123' }));
    expect(aiRecordDetail.promptObject).toEqual(known);
    expect((await bytesAt(temporaryUrl ?? '')).slice(0, 3).toHex()).toBe('ffd8ff');
  });
});

describe('a result asked for with "async"', () => {
  it('is processing, then there by its uuid', async () => {
    const first = await recordOf(await feature({ prompt: '1min: later', seed: 3, steps: 6 }, { async: true }));
    expect(first).toMatchObject({ status: 'PROCESSING', aiRecordDetail: { resultObject: [] } });
    expect(first.temporaryUrl).toBeUndefined();
    const look = async () => await recordOf(await call(`/api/results/${first.uuid}`));
    await expect.poll(async () => (await look()).status, { interval: 20, timeout: 10_000 }).toBe('SUCCESS');
    const last = await look();
    expect(last.aiRecordDetail.promptObject).toMatchObject({ prompt: '1min: later', seed: 3, steps: 6, guidance: 3 });
    expect((await bytesAt(last.temporaryUrl ?? '')).slice(0, 4).toHex()).toBe('89504e47');
  });

  it('tells that it failed', async () => {
    const { uuid } = await recordOf(await feature({ prompt: '1min: later sandbox:error' }, { async: true }));
    const look = async () => await recordOf(await call(`/api/results/${uuid}`));
    await expect.poll(async () => (await look()).status, { interval: 20, timeout: 10_000 }).toBe('FAILURE');
    expect((await look()).aiRecordDetail).toMatchObject({ resultObject: [], errorMessage: expect.any(String) });
  });
});
