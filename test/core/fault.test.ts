import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, faultTable, toFault } from '../../src/core/fault';

const codes = Object.keys(faultTable) as FaultCode[];
/** Statuses that mean "not now" rather than "not like this": clients repeat these by themselves. */
const retryableStatuses = new Set([429, 500, 502, 503, 504]);

describe('Fault', () => {
  it.each<[FaultCode, number]>([
    ['invalid_request', 400],
    ['no_provider', 400],
    ['moderated_request', 400],
    ['moderated_output', 400],
    ['unauthenticated', 401],
    ['insufficient_credit', 402],
    ['forbidden', 403],
    ['not_found', 404],
    ['model_not_found', 404],
    ['task_not_found', 404],
    ['method_not_allowed', 405],
    ['conflict', 409],
    ['cancelled', 409],
    ['payload_too_large', 413],
    ['unsupported_media_type', 415],
    ['range_not_satisfiable', 416],
    ['rate_limited', 429],
    ['internal', 500],
    ['provider_failed', 502],
    ['outcome_unknown', 502],
    ['unavailable', 503],
    ['wait_exceeded', 504],
  ])('answers %s with %i', (code, status) => {
    expect(new Fault(code, 'A sentence.').status).toBe(status);
  });

  it.each(codes)('calls %s retryable exactly where its status says so', (code) => {
    const fault = new Fault(code, 'A sentence.');
    expect(fault.isRetryable).toBe(retryableStatuses.has(fault.status));
  });

  it('is an Error with a name, a message and its cause', () => {
    const cause = new Error('underneath');
    const fault = new Fault('internal', 'A sentence.', { cause });
    expect(fault).toBeInstanceOf(Error);
    expect([fault.name, fault.message, fault.cause]).toEqual(['Fault', 'A sentence.', cause]);
  });

  it.each<[string, Fault, string | null]>([
    ['without issues there is none', new Fault('not_found', 'Nothing.'), null],
    ['of one field', Fault.ofField('seed', 'expected a number.'), 'seed'],
    ['of a field inside a list', Fault.ofField(['images', 2, 'url'], 'expected a URL.'), 'images.2.url'],
    [
      'of several the first',
      new Fault('invalid_request', 'Two.', {
        issues: [
          { path: ['a'], message: '1' },
          { path: ['b'], message: '2' },
        ],
      }),
      'a',
    ],
    [
      'of the whole request there is none',
      new Fault('invalid_request', 'All.', { issues: [{ path: [], message: '1' }] }),
      null,
    ],
  ])('names the field at fault: %s', (_, fault, field) => {
    expect(fault.field).toBe(field);
  });

  it('says of one field what is accepted', () => {
    expect(Fault.ofField(['input', 'seed'], 'expected a number.')).toMatchObject({
      code: 'invalid_request',
      message: 'input.seed: expected a number.',
      details: { issues: [{ path: ['input', 'seed'], message: 'expected a number.' }] },
    });
  });

  it.each<[string, Fault]>([
    ['plain', new Fault('unavailable', 'Later.')],
    ['with a delay', new Fault('rate_limited', 'Slow down.', { retryAfterSeconds: 3 })],
    ['with issues', Fault.ofField(['images', 2], 'expected a URL.')],
  ])('comes back from storage as it was: %s', (_, fault) => {
    const stored = structuredClone(fault.toRecord());
    const restored = Fault.fromRecord(stored);
    expect(restored).toBeInstanceOf(Fault);
    expect(restored.toRecord()).toEqual(fault.toRecord());
    expect(restored.field).toBe(fault.field);
    expect(restored.details.retryAfterSeconds).toBe(fault.details.retryAfterSeconds);
  });

  it('never gives its cause away', () => {
    const fault = new Fault('internal', 'A sentence.', { cause: new Error('the key is 123') });
    expect(JSON.stringify(fault.toRecord())).toBe('{"code":"internal","message":"A sentence."}');
  });
});

describe('toFault', () => {
  it('leaves a fault as it is', () => {
    const fault = new Fault('forbidden', 'No.');
    expect(toFault(fault)).toBe(fault);
  });

  it.each([new TypeError('the key is 123'), 'the key is 123', undefined, null, { code: 'forbidden' }])(
    'makes %s internal, and keeps it for the log alone',
    (thrown) => {
      const fault = toFault(thrown);
      expect(fault.code).toBe('internal');
      expect(fault.details.cause).toBe(thrown);
      expect(JSON.stringify(fault.toRecord())).not.toContain('123');
    },
  );
});
