import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import { fal } from '../../src/dialects/fal';
import { addAccount, purchasesOf } from '../support/accounts';
import {
  callFal,
  ended,
  type FalError,
  fingerprintOf,
  follow,
  model,
  resultOf,
  run,
  submit,
  submitted,
} from '../support/fal-caller';
import { call, origin } from '../support/front-door';

describe('a request that ends without a picture', () => {
  const cases = [
    { trigger: 'sandbox:moderated-request', status: 422, type: 'content_policy_violation', loc: ['body', 'prompt'] },
    { trigger: 'sandbox:moderated-output', status: 422, type: 'content_policy_violation', loc: ['body'] },
    { trigger: 'sandbox:error', status: 500, type: 'runner_server_error', retryable: 'true' },
    { trigger: 'sandbox:unknown', status: 500, type: 'runner_disconnected' },
    { trigger: 'sandbox:refused', status: 503, queueStatus: 500, type: 'runner_scheduling_failure', retryable: 'true' },
  ];
  it.each(cases)('$trigger: fal.run answers $status $type', async ({ trigger, status, type, loc, retryable }) => {
    const response = await run({ prompt: `fal run ${trigger}` });
    await expectFailure(response, { status, type, loc, retryable });
  });

  it.each(cases)('$trigger: the queue tells it as $type when its result is asked for', async (expected) => {
    const links = await submitted({ prompt: `fal queue ${expected.trigger}` });
    const status = await ended(links);
    expect(status).toMatchObject({ status: 'COMPLETED', error: expect.any(String), error_type: expected.type });
    const response = await follow(links.response_url);
    expect(response.headers.get('x-fal-request-id')).toBe(links.request_id);
    await expectFailure(response, { ...expected, status: expected.queueStatus ?? expected.status });
  });

  it('leaves what was spent in the ledger', async () => {
    const response = await submit({ prompt: 'fal ledger sandbox:unknown', seed: 1 });
    await resultOf(await response.json());
    const rows = await purchasesOf(fingerprintOf(response));
    expect(rows).toMatchObject([{ dialect: 'fal', outcome: 'unknown' }]);
  });
});

describe('keys', () => {
  const paths = [
    { method: 'POST', path: `/fal/${model}` },
    { method: 'POST', path: `/fal/${model}/edit` },
    { method: 'POST', path: `/fal/run/${model}` },
    { method: 'POST', path: `/fal/run/${model}/edit` },
    { method: 'GET', path: `/fal/${model}/requests/x/status` },
    { method: 'GET', path: `/fal/${model}/requests/x/status/stream` },
    { method: 'GET', path: `/fal/${model}/requests/x` },
    { method: 'PUT', path: `/fal/${model}/requests/x/cancel` },
    { method: 'POST', path: '/fal/rest/storage/upload/initiate' },
  ];
  const wrong = [
    undefined,
    '',
    'Key',
    'Key ',
    'Key fg_unknown',
    `Token ${env.DEV_API_KEY}`,
    `Key ${env.DEV_API_KEY} x`,
  ];
  it.each(paths)('are needed for $method $path, and must be good ones', async ({ method, path }) => {
    for (const authorization of wrong) {
      const headers = { 'x-key': env.DEV_API_KEY, ...(authorization === undefined ? {} : { authorization }) };
      const body = method === 'POST' ? '{"prompt":"fal: keys"}' : null;
      const response = await exports.default.fetch(new Request(origin + path, { method, headers, body }));
      const error = await response.json<FalError>();
      expect(response.status).toBe(401);
      expect(error).toEqual({ detail: error.message, message: expect.any(String) });
      expect(error.message).not.toContain('fg_');
    }
  });

  it('are taken from behind Key and behind Bearer', async () => {
    for (const scheme of ['Key', 'key', 'Bearer']) {
      const headers = { authorization: `${scheme} ${env.DEV_API_KEY}` };
      expect((await submit({ prompt: 'fal: schemes' }, { headers })).status).toBe(200);
    }
  });

  it('of another account do not find a request', async () => {
    const other = await addAccount('fal-other');
    const links = await submitted({ prompt: 'fal: whose' });
    for (const [url, method] of [
      [links.status_url, 'GET'],
      [links.response_url, 'GET'],
      [links.cancel_url, 'PUT'],
    ]) {
      const response = await follow(url ?? '', { method: method ?? '', key: other });
      expect(response.status).toBe(404);
      expect(await response.json<FalError>()).toMatchObject({ detail: expect.any(String) });
    }
    expect((await follow(`${links.status_url}/stream`, { key: other })).status).toBe(404);
    expect((await ended(links)).error).toBeUndefined();
  });
});

describe('a path, a method or a type that is not ours', () => {
  const missing = [
    '/fal/fal-ai/flux-2-pro',
    '/fal/black-forest-labs/flux-2-flex',
    '/fal/run/fal-ai/flux/dev',
    `/fal/${model}/inpaint`,
    '/fal/rest/storage/upload/initiate-multipart',
    '/fal/',
  ];
  it.each(missing)('is not found: %s', async (path) => {
    const response = await callFal(path, { json: { prompt: 'fal: not found' } });
    expect(response.status).toBe(404);
    const error = await response.json<FalError>();
    expect(error).toEqual({ detail: error.message, message: expect.any(String) });
    expect(response.headers.get('x-fal-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    { method: 'GET', path: `/fal/${model}`, allow: 'POST' },
    { method: 'DELETE', path: `/fal/run/${model}/edit`, allow: 'POST' },
    { method: 'POST', path: `/fal/${model}/requests/x/cancel`, allow: 'PUT' },
    { method: 'PUT', path: `/fal/${model}/requests/x/status`, allow: 'GET' },
  ])('$method $path takes $allow', async ({ method, path, allow }) => {
    const response = await callFal(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(allow) });
  });

  it.each(['image/png', 'text/plain', 'multipart/form-data'])('takes no %s', async (type) => {
    const response = await callFal(`/fal/${model}`, {
      method: 'POST',
      body: '{"prompt":"fal: type"}',
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('application/json') });
  });

  it.each(['nothing', 'a'.repeat(115), '%00', 'ü', '..%2F..'])('has no request %s', async (id) => {
    for (const path of [`/status`, '', '/status/stream']) {
      const response = await callFal(`/fal/${model}/requests/${id}${path}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ detail: expect.any(String), message: expect.any(String) });
    }
  });
});

describe('every fault', () => {
  const statuses: Partial<Record<FaultCode, number>> = {
    invalid_request: 422,
    moderated_request: 422,
    moderated_output: 422,
    cancelled: 499,
    provider_failed: 500,
    outcome_unknown: 500,
  };
  it.each(Object.keys(faultTable) as FaultCode[])('%s is worded as fal does', (code) => {
    const fault = new Fault(code, 'What was wrong.', { cause: new Error('a secret') });
    const { status, headers, body } = fal.encodeFault(fault, 'the request');
    expect(status).toBe(statuses[code] ?? faultTable[code].status);
    expect(headers?.['x-fal-request-id']).toBe('the request');
    expect(body).toMatchObject({ message: 'What was wrong.' });
    expect(JSON.stringify(body)).not.toContain('secret');
    const detail =
      status === 422 ? [{ msg: 'What was wrong.', loc: expect.arrayContaining(['body']) }] : 'What was wrong.';
    expect(body).toMatchObject({ detail });
  });

  it('whose request could have been bought is none that fal’s clients repeat', () => {
    for (const code of ['outcome_unknown', 'provider_failed', 'moderated_output'] as const) {
      expect([429, 502, 503, 504]).not.toContain(fal.encodeFault(new Fault(code, 'x'), 'x').status);
    }
    const waited = fal.encodeFault(new Fault('wait_exceeded', 'x', { taskId: 'the task' }), 'x');
    expect(waited).toMatchObject({
      status: 504,
      headers: { 'x-fal-request-timeout-type': 'user', 'x-fal-request-id': 'the task', 'x-fal-retryable': 'false' },
    });
  });

  it('answers a preflight of a browser', async () => {
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const response = await call(`/fal/${model}`, { method: 'OPTIONS', headers, key: null });
    expect(response.status).toBe(204);
  });
});

async function expectFailure(
  response: Response,
  {
    status,
    type,
    loc,
    retryable = 'false',
  }: { status: number; type: string; loc?: string[] | undefined; retryable?: string | undefined },
): Promise<void> {
  const error = await response.json<FalError>();
  expect(response.status).toBe(status);
  expect(response.headers.get('x-fal-retryable')).toBe(retryable);
  expect(error.message.length).toBeGreaterThan(10);
  if (loc !== undefined) expect(error.detail).toEqual([{ loc, msg: error.message, type }]);
  else {
    expect(error).toEqual({ detail: error.message, message: error.message, error_type: type });
    expect(response.headers.get('x-fal-error-type')).toBe(type);
  }
}
