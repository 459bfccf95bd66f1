import { describe, expect, it } from 'vitest';
import { fitOf } from '../../src/core/fit';
import { oneminEntry } from '../../src/providers/onemin';
import { describeAtOncePurchases, promptVendor } from '../support/at-once-purchases';
import type { SimulatedVendorOptions } from '../support/simulated-vendor';
import { onemin } from '../vendors/onemin';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({
  ...{ prompt: 'A brass orrery', width: 1024, height: 1024, seed: 4_294_967_295 },
  ...{ guidance: 3.5, safetyTolerance: 1 },
});
const vendor = (options: SimulatedVendorOptions = {}) =>
  promptVendor({ entry: oneminEntry, simulator: onemin }, options);
const answering = (status: number, json: unknown) =>
  vendor({ intercept: ({ method }) => (method === 'POST' ? { status, json } : null) });

describe('the request', () => {
  it('says every parameter, and asks for PNG', async () => {
    const at = vendor();
    await at.provider.submit(request, at.context);
    const purchase = at.sent.find(({ method }) => method === 'POST');
    expect(purchase?.url.href).toBe(`${at.origin}/api/features`);
    expect(purchase?.headers.get('api-key')).toBe(onemin.key);
    expect(purchase?.json).toEqual({
      type: 'IMAGE_GENERATOR',
      model: 'black-forest-labs/flux-2-flex',
      promptObject: {
        ...{ prompt: 'A brass orrery', aspect_ratio: '1:1', output_format: 'png', output_quality: 100 },
        ...{ steps: 20, guidance: 3.5, safety_tolerance: 1, prompt_upsampling: false, seed: 4_294_967_295 },
      },
    });
  });

  it('sends nothing for a size that has no name, or for two references', async () => {
    const at = vendor();
    const wide = await at.provider.submit({ ...request, width: 1344, height: 768 }, at.context);
    expect(wide).toMatchObject({ kind: 'refused', reason: 'invalid', isFinal: false });
    const references = [referenceOf('a', 'image/png', 35), referenceOf('b', 'image/png', 35)];
    const two = await at.provider.submit({ ...request, references }, at.context);
    expect(two).toMatchObject({ kind: 'refused', reason: 'invalid', isFinal: false });
    expect(at.sent).toEqual([]);
  });
});

describeAtOncePurchases({ entry: oneminEntry, simulator: onemin, request });

describe('an answer', () => {
  const failed = (detail: object) => ({ aiRecord: { uuid: 'a', status: 'FAILURE', aiRecordDetail: detail } });
  const passedOn = (data: object) => ({
    ...{ errorCode: 'EXTERNAL_API_RESPONSE_WITH_ERROR', message: 'The service is a bit busy right now.' },
    details: JSON.stringify({ response: { status: 400, data } }),
  });

  it.each([
    ['a failed record', 200, failed({ resultObject: [] }), 'unavailable'],
    ['a failed record by another name', 200, { aiRecord: { uuid: 'a', status: 'failed' } }, 'unavailable'],
    ['a failed record that tells why', 200, failed({ errorCode: 'INSUFFICIENT_CREDITS' }), 'credit'],
    ['an error in a 200', 200, { success: false, error: { code: 'UNSUPPORTED_MODEL', message: 'no' } }, 'unavailable'],
    ['the documented shape', 401, { success: false, error: { code: 'INVALID_API_KEY', message: 'no' } }, 'credentials'],
    ['a lack of credit in a 400', 400, { errorCode: 'INSUFFICIENT_CREDITS', message: 'no' }, 'credit'],
    ['a missing field', 400, { errorCode: 'MISSING_REQUIRED_FIELDS', message: 'quality' }, 'invalid'],
    ['a framework’s own error', 400, { statusCode: 400, message: 'Bad Request' }, 'invalid'],
    ['what was wrong for the API behind it', 400, passedOn({ code: 'InvalidParameter' }), 'invalid'],
    ['that the vendor has a bad key itself', 400, passedOn({ code: 'invalid_api_key' }), 'invalid'],
  ])('is a refusal: %s', async (_name, status, json, reason) => {
    const at = answering(status, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason, isFinal: false });
  });

  it('is told in the words of the API behind it where there are any', async () => {
    const at = answering(400, passedOn({ code: 'InvalidParameter', message: 'The size is not allowed' }));
    expect(await at.provider.submit(request, at.context)).toMatchObject({
      fault: { message: '1min.ai refused the request: The size is not allowed' },
    });
  });

  it.each([
    ['a record without a name', { aiRecord: { status: 'PROCESSING' } }],
    ['no record', { aiRecord: null }],
  ])('leaves open what was bought where it has %s', async (_name, json) => {
    const at = answering(200, json);
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['is still being made', { uuid: 'a', status: 'PROCESSING' }],
    ['has a status that nobody has documented', { uuid: 'a', status: 'WARMING' }],
    ['succeeded without a URL', { uuid: 'a', status: 'SUCCESS', aiRecordDetail: { resultObject: ['images/a.png'] } }],
  ])('is a task to be followed, and no failure, where the record %s', async (_name, aiRecord) => {
    const at = answering(200, { aiRecord });
    expect(await at.provider.submit(request, at.context)).toEqual({
      ...{ kind: 'accepted', ticket: { uuid: 'a' }, charge: null, pollAfterMs: null },
    });
  });
});

describe('a capability', () => {
  it('is exact for the one size that is certain, with one reference', () => {
    const references = [referenceOf('a', 'image/png', 512), referenceOf('b', 'image/png', 512)];
    const exact = { ...request, references: references.slice(1), promptUpsampling: true, safetyTolerance: 5 };
    expect(fitOf(oneminEntry.capability, exact)).toEqual({ kind: 'exact' });
    expect(fitOf(oneminEntry.capability, { ...request, references })).toEqual({
      kind: 'cannot',
      reasons: ['takes at most 1 references, not 2'],
    });
  });

  it('is adjusted to its narrower ranges, and says so', () => {
    const wanted = { ...request, height: 768, steps: 5, guidance: 7, safetyTolerance: 0 };
    expect(fitOf(oneminEntry.capability, wanted)).toEqual({
      kind: 'adjusted',
      request: { ...request, steps: 6, guidance: 5, safetyTolerance: 1 },
      changes: [
        'steps: 6 instead of 5',
        'guidance: 5 instead of 7',
        'safety_tolerance: 1 instead of 0',
        'size: 1024×1024 instead of 1024×768',
      ],
    });
  });
});
