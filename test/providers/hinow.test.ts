import { describe, expect, it } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { hinowEntry } from '../../src/providers/hinow';
import { describeAtOncePurchases, promptVendor } from '../support/at-once-purchases';
import type { SimulatedVendorOptions } from '../support/simulated-vendor';
import { hinow } from '../vendors/hinow';
import { pngOf } from '../vendors/pictures';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  ...{ prompt: 'A brass orrery', width: 1000, height: 250, seed: 4_294_967_295 },
  ...{ steps: 25, guidance: 2, promptUpsampling: true },
});
const vendor = (options: SimulatedVendorOptions = {}) => promptVendor({ entry: hinowEntry, simulator: hinow }, options);
const answering = (status: number, json: unknown) =>
  vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });

describe('the request', () => {
  it('says every parameter in `parameters`, its lists’ values as the texts of its page', async () => {
    const at = vendor();
    await at.provider.submit(request, at.context);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/v1/images`);
    expect(purchase?.headers.get('authorization')).toBe(`Bearer ${hinow.key}`);
    expect(purchase?.json).toEqual({
      model: 'black-forest-labs/flux-2-flex',
      prompt: 'A brass orrery',
      parameters: {
        ...{ n: 1, width: 1008, height: 256 },
        num_inference_steps: '25',
        guidance_scale: '2.0',
        seed: 4_294_967_295,
        output_format: 'png',
      },
    });
  });

  it.each([
    [3.5, '3.5'],
    [5, '5.0'],
    [7.5, '7.5'],
    [10, '10.0'],
  ])('sells guidance %d as "%s"', async (guidance, text) => {
    const at = vendor();
    const submission = await at.provider.submit({ ...request, guidance, steps: 50, seed: 0 }, at.context);
    expect(submission.kind).toBe('done');
    expect(at.sent.at(-1)?.json).toMatchObject({
      parameters: { guidance_scale: text, num_inference_steps: '50', seed: 0 },
    });
  });
});

describeAtOncePurchases({ entry: hinowEntry, simulator: hinow, request });

describe('an answer', () => {
  it.each([
    ['without its envelope', { urls: ['https://files.hinow.ai/a.png'] }],
    ['in the shape of OpenAI', { created: 1, data: [{ url: 'https://files.hinow.ai/a.png' }] }],
    ['with more beside it', { data: { urls: ['https://files.hinow.ai/a.png'], cost: '0.05' }, success: 'yes' }],
  ])('is a picture %s', async (_name, json) => {
    const at = answering(201, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({
      ...{ kind: 'done', output: { url: 'https://files.hinow.ai/a.png' }, bytes: null },
    });
  });

  it('may hold the picture itself', async () => {
    const picture = pngOf({ width: 16, height: 16, seed: 1 });
    const at = answering(200, { data: [{ b64_json: picture.toBase64() }] });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'done', bytes: picture });
  });

  it.each([
    ['a 429 for a lack of credit', 429, { error: { message: 'Top up', code: 'insufficient_credits' } }, 'credit'],
    ['a 429 for a lack of quota', 429, { message: 'Top up', type: 'insufficient_quota' }, 'credit'],
    ['a 429 without a reason', 429, { error: { message: 'Slow down' } }, 'busy'],
    ['a plan that does not include it', 403, { error: { message: 'Upgrade', code: 'plan' } }, 'credentials'],
    ['a model that is gone', 404, { error: { message: 'no', code: 'model_not_found' } }, 'unavailable'],
    ['an error without its object', 422, { detail: 'guidance_scale' }, 'invalid'],
    ['a failure in a 200', 200, { success: false, message: 'no', data: null }, 'unavailable'],
    ['a lack of credit in a 200', 200, { error: { message: 'no', code: 'insufficient_credits' } }, 'credit'],
  ])('is a refusal: %s', async (_name, status, json, reason) => {
    const at = answering(status, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason, isFinal: false });
  });

  it.each([
    ['claims success and has no picture', 200, { data: { urls: [] }, success: true }],
    ['comes from a proxy that gave up, in its own shape', 504, { error: { message: 'timed out', code: 'timeout' } }],
  ])('leaves open what was bought where it %s', async (_name, status, json) => {
    const at = answering(status, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });

  it('is told to the caller without the key that it repeats', async () => {
    const message = `The key ${hinow.key} may not use guidance_scale`;
    const at = answering(400, { error: { message, code: 'invalid_parameter' } });
    const submission = await at.provider.submit(request, at.context);
    expect(submission).toMatchObject({ fault: { message: expect.stringContaining('may not use guidance_scale') } });
    expect(JSON.stringify(submission)).not.toContain(hinow.key);
  });
});

describe('a capability', () => {
  it('is exact for what its lists have, with the prompt enhanced', () => {
    expect(fitOf(hinowEntry.capability, request)).toEqual({ kind: 'exact' });
    const largest = requestWith({ width: 2048, height: 2048, steps: 50, guidance: 10, promptUpsampling: true });
    expect(fitOf(hinowEntry.capability, largest)).toEqual({ kind: 'exact' });
  });

  it('is adjusted to the nearest of its lists, and says so', () => {
    const wanted = requestWith({ steps: 28, guidance: 4.5, safetyTolerance: 5 });
    expect(fitOf(hinowEntry.capability, wanted)).toMatchObject({
      kind: 'adjusted',
      request: { steps: 30, guidance: 5, safetyTolerance: 2, promptUpsampling: true },
      changes: [
        'steps: 30 instead of 28',
        'guidance: 5 instead of 4.5',
        'safety_tolerance: 2 instead of 5',
        'prompt_upsampling: true instead of false',
      ],
    });
  });

  it('cannot take references', () => {
    const references = [referenceOf('a', 'image/png', 512)];
    expect(fitOf(hinowEntry.capability, requestWith({ references }))).toEqual({
      kind: 'cannot',
      reasons: ['takes at most 0 references, not 1'],
    });
  });
});
