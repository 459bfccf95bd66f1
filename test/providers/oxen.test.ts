import { describe, expect, it } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { oxenEntry } from '../../src/providers/oxen';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { describeAtOncePurchases, promptVendor } from '../support/at-once-purchases';
import type { SimulatedVendorOptions } from '../support/simulated-vendor';
import { oxen } from '../vendors/oxen';
import { pngOf } from '../vendors/pictures';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  ...{ prompt: 'A brass orrery', width: 1024, height: 1024, seed: 4_294_967_295 },
  ...{ guidance: 3.5, promptUpsampling: true },
});
const vendor = (options: SimulatedVendorOptions = {}) => promptVendor({ entry: oxenEntry, simulator: oxen }, options);
const answering = (status: number, json: unknown) =>
  vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });

describe('the request', () => {
  it('says every parameter, and asks for PNG by its URL', async () => {
    const at = vendor();
    await at.provider.submit(request, at.context);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/api/ai/images/generate`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${oxen.key}`);
    expect(purchase?.json).toEqual({
      ...{ model: 'flux-2-flex', prompt: 'A brass orrery', aspect_ratio: '1:1', resolution: '1 MP' },
      ...{ num_inference_steps: 20, guidance: 3.5, seed: 4_294_967_295 },
      ...{ output_format: 'png', output_quality: 100, disable_safety_checker: false, response_format: 'url' },
    });
  });

  it('orders the next multiple of 16, which is cropped afterwards', async () => {
    const at = vendor();
    expect((await at.provider.submit({ ...request, width: 1020, height: 1010 }, at.context)).kind).toBe('done');
    expect([...at.shop.sales.values()]).toMatchObject([{ width: 1024, height: 1024 }]);
  });

  it('sends ten references in their order as data URLs of an edit', async () => {
    const bytes = pictureBytes('png');
    const digits = [...'0123456789'];
    const at = vendor({ files: new Map(digits.map((digit) => [digit.repeat(64), bytes])) });
    const references = digits.map((digit, index) => referenceOf(digit, index === 3 ? 'image/webp' : 'image/png', 35));
    expect((await at.provider.submit({ ...request, references }, at.context)).kind).toBe('done');
    expect(at.sent.at(-1)?.url.pathname).toBe('/api/ai/images/edit');
    const types = digits.map((digit) => (digit === '3' ? 'webp' : 'png'));
    expect(at.sent.at(-1)?.json).toMatchObject({
      input_image: types.map((type) => `data:image/${type};base64,${bytes.toBase64()}`),
      prompt: 'A brass orrery',
    });
  });

  it('sends nothing where a size has no name, or references cannot be read or are too large to be held', async () => {
    const at = vendor();
    const wide = await at.provider.submit({ ...request, width: 1344, height: 768 }, at.context);
    expect(wide).toMatchObject({ kind: 'refused', reason: 'invalid', isFinal: false });
    const reference = referenceOf('c', 'image/png', 35);
    const unreadable = await at.provider.submit({ ...request, references: [reference] }, at.context);
    expect(unreadable).toMatchObject({ kind: 'refused', reason: 'unavailable', isFinal: false });
    const large = { ...reference, sizeBytes: 25 * 1024 * 1024 };
    const tooLarge = await at.provider.submit({ ...request, references: [large] }, at.context);
    expect(tooLarge).toMatchObject({ kind: 'refused', reason: 'invalid', isFinal: false });
    expect(at.sent).toEqual([]);
  });
});

describeAtOncePurchases({ entry: oxenEntry, simulator: oxen, request });

describe('an answer', () => {
  it.each([
    ['as its older clients have met it', { images: [{ image_url: 'https://hub.oxen.ai/a.png' }] }],
    ['with more beside it', { status: 'success', images: [{ url: 'https://hub.oxen.ai/a.png', b64_json: null }] }],
  ])('is a picture %s', async (_name, json) => {
    const at = answering(200, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({
      ...{ kind: 'done', output: { url: 'https://hub.oxen.ai/a.png' }, bytes: null },
    });
  });

  it('may hold the picture itself', async () => {
    const picture = pngOf({ width: 16, height: 16, seed: 1 });
    const at = answering(200, { model: 'flux-2-flex', images: [{ b64_json: picture.toBase64() }] });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done', bytes: picture });
  });

  it.each([
    ['an error with a title', 401, { error: { type: 'unauthenticated', title: 'Sign in' } }, 'credentials'],
    ['an error that is a status', 401, { status: 'error', status_message: 'unauthenticated' }, 'credentials'],
    ['a status in a 200', 200, { status: 'error', status_message: 'unauthenticated' }, 'credentials'],
    ['an unknown model', 404, { error: { message: 'Model not found: flux-2-flex' } }, 'unavailable'],
    ['an error with a detail', 400, { error: { type: 'invalid_request', detail: 'guidance' } }, 'invalid'],
    ['an error that is a text', 400, { error: 'Prompt cannot be empty' }, 'invalid'],
    ['a lack of credit in a 400', 400, { error: { type: 'insufficient_credits', detail: 'Top up' } }, 'credit'],
    ['an error in a 200', 200, { error: { message: 'no', type: 'server_error' }, images: [] }, 'unavailable'],
  ])('is a refusal: %s', async (_name, status, json, reason) => {
    const at = answering(status, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason, isFinal: false });
  });

  it('tells the caller what was wrong in the vendor’s most telling words', async () => {
    const error = { type: 'invalid_request', title: 'Bad request', message: 'Invalid', detail: 'guidance is too high' };
    const at = answering(400, { error });
    expect(await at.provider.submit(request, at.context)).toMatchObject({
      fault: { code: 'no_provider', message: 'Oxen.ai refused the request: guidance is too high' },
    });
  });

  it('leaves open what was bought where it has no picture and no error', async () => {
    const at = answering(200, { model: 'flux-2-flex', created: 1, images: [] });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a capability', () => {
  it('is exact for the one size that is certain, with up to ten references', () => {
    const references = Array.from({ length: 11 }, () => referenceOf('a', 'image/png', 512));
    expect(fitOf(oxenEntry.capability, { ...request, references: references.slice(1) })).toEqual({ kind: 'exact' });
    expect(fitOf(oxenEntry.capability, { ...request, references })).toEqual({
      kind: 'cannot',
      reasons: ['takes at most 10 references, not 11'],
    });
  });

  it('is adjusted for any other size, and without enhancing the prompt', () => {
    const wanted = { ...request, width: 1920, height: 1080, promptUpsampling: false };
    expect(fitOf(oxenEntry.capability, wanted)).toEqual({
      kind: 'adjusted',
      request: { ...wanted, width: 1024, height: 1024, promptUpsampling: true },
      changes: ['prompt_upsampling: true instead of false', 'size: 1024×1024 instead of 1920×1080'],
    });
  });
});
