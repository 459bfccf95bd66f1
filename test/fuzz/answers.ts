import { expect } from 'vitest';
import type { Dialect } from '../../src/core/dialect';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';

/** Faults of 5xx that a request may have on purpose: ours is none of them. */
const deliberate: ReadonlySet<string> = new Set(['unavailable', 'wait_exceeded', 'provider_failed']);
const isFaultCode = (code: string): code is FaultCode => code in faultTable;

/**
 * Holds an answer to what every answer must be: no fault of ours, and an error in the dialect's own shape with a
 * sentence in it. Reads the body.
 */
export async function expectAnswered(response: Response, dialect: Dialect, method: string): Promise<void> {
  const text = await response.text();
  const code = response.headers.get('x-fluxgate-error') ?? '';
  if (response.status >= 500 && !deliberate.has(code))
    throw new Error(`It answered ${response.status}: ${text.slice(0, 300)}`);
  expect(response.status).toBeGreaterThanOrEqual(200);
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (isJson) expect(text).not.toMatch(/\[object Object\]|\[native code\]/);
  if (response.status < 400 || method === 'HEAD') return;
  if (!isFaultCode(code)) throw new Error(`It answered ${response.status} without a code: ${text.slice(0, 300)}`);
  const expected = dialect.encodeFault(new Fault(code, 'x'), 'y');
  expect([response.status, shapeOf(JSON.parse(text))]).toEqual([expected.status, shapeOf(expected.body)]);
  expect(text).not.toMatch(/\bat .*\.[tj]s:\d+/);
}

/** The keys of an answer, to tell one shape from another. */
function shapeOf(body: unknown): string {
  return typeof body === 'object' && body !== null ? Object.keys(body).toSorted().join() : typeof body;
}
