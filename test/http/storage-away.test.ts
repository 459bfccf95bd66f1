import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import { origin } from '../support/front-door';

/** The ledger, whose every question fails with these words. */
function failingLedger(message: string): D1Database {
  const fail = () => Promise.reject(new Error(message));
  const statement = { bind: () => statement, first: fail, all: fail, run: fail, raw: fail };
  return { prepare: () => statement, batch: fail, exec: fail } as unknown as D1Database;
}

async function asked(path: string, message: string): Promise<Response> {
  const context = createExecutionContext();
  const headers = { authorization: 'Bearer fg_live_nobody_knows_this_one' };
  const service = { ...env, LEDGER: failingLedger(message) };
  const response = await app.fetch(new Request(origin + path, { headers }), service, context);
  await waitOnExecutionContext(context);
  return response;
}

describe('a ledger that cannot be reached', () => {
  it.each([
    'D1_ERROR: database is locked: SQLITE_BUSY',
    'D1_ERROR: Network connection lost.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
  ])('is told as a service to ask again soon (%s)', async (message) => {
    for (const path of ['/v1/key', '/v1/usage', '/v1/tasks']) {
      const response = await asked(path, message);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await response.text()).not.toContain('D1');
    }
  });

  it('is not told of what we asked of it wrongly', async () => {
    expect((await asked('/v1/key', 'D1_ERROR: no such column: nmae at offset 7: SQLITE_ERROR')).status).toBe(500);
  });
});
