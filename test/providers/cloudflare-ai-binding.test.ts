import { describe, expect, it, vi } from 'vitest';
import type { AiBinding } from '../../src/core/provider';
import { readConfig } from '../../src/env/config';
import { bflEntry } from '../../src/providers/bfl';
import { cloudflareAiEntry } from '../../src/providers/cloudflare-ai';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { simulatedVendor } from '../support/simulated-vendor';
import { cloudflareAi } from '../vendors/cloudflare-ai';
import { referenceOf, requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', seed: 7 });
const image = 'https://example.com/a.png';

/** A provider that has the binding and no token. */
function bound(ai: AiBinding) {
  const files = new Map([['a'.repeat(64), pictureBytes('png')]]);
  return simulatedVendor(cloudflareAiEntry, cloudflareAi, { apiKey: '', ai, files });
}

/** What comes of a purchase whose run fails so. */
async function submissionOn(thrown: unknown) {
  const at = bound({ run: () => Promise.reject(thrown) });
  return await at.provider.submit(request, at.context);
}

describe('the binding', () => {
  it('is asked once with every parameter, and nothing goes over the network', async () => {
    const run = vi.fn<AiBinding['run']>(async () => ({ state: 'Completed', result: { image } }));
    const at = bound({ run });
    const submission = await at.provider.submit(
      { ...request, references: [referenceOf('a', 'image/png', 35)] },
      at.context,
    );
    expect(submission).toEqual({ kind: 'done', output: { url: image }, charge: null, bytes: null });
    expect(run.mock.calls).toEqual([
      [
        'black-forest-labs/flux-2-flex',
        {
          prompt: 'A brass orrery',
          prompt_upsampling: false,
          width: 256,
          height: 256,
          steps: 20,
          guidance: 5,
          seed: 7,
          safety_tolerance: 2,
          output_format: 'png',
          input_images: [`data:image/png;base64,${pictureBytes('png').toBase64()}`],
        },
      ],
    ]);
    expect(at.sent).toEqual([]);
  });

  it('is not used where there is a token', async () => {
    const run = vi.fn<AiBinding['run']>();
    const at = simulatedVendor(cloudflareAiEntry, cloudflareAi, { ai: { run }, accountId: 'f'.repeat(32) });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'refused', reason: 'credentials' });
    expect(run).not.toHaveBeenCalled();
    expect(at.sent).not.toEqual([]);
  });

  it.each([
    ['5007: No such model', 'unavailable'],
    ['5004: Invalid data', 'invalid'],
    ['5018: The account is not allowed to access this model', 'credentials'],
    ['3036: Account limited', 'credit'],
    ['3040: Out of capacity', 'busy'],
    ['2016: Prompt blocked due to security configurations', 'moderated'],
  ])('refuses where the platform says that nothing was run: %s', async (message, reason) => {
    expect(await submissionOn(new Error(message))).toMatchObject({ kind: 'refused', reason });
  });

  it.each([
    ['a timeout of the platform', new Error('3007: Request timeout')],
    ['a code that nobody documents', new Error('9999: Something else')],
    ['an error without a code', new Error('Network connection lost.')],
    ['what is no error', 'text'],
  ])('leaves the outcome unknown on %s', async (_name, thrown) => {
    expect(await submissionOn(thrown)).toMatchObject({ kind: 'unknown', fault: { code: 'outcome_unknown' } });
  });

  it.each([
    ['nothing', null],
    ['a stream', new ReadableStream()],
    ['a state of work', { state: 'Queued' }],
  ])('leaves the outcome unknown where it answers with %s', async (_name, answer) => {
    const at = bound({ run: async () => answer });
    expect(await at.provider.submit(request, at.context)).toMatchObject({ kind: 'unknown' });
  });

  it('was charged where the platform blocks the picture', async () => {
    expect(await submissionOn(new Error('2017: Response blocked'))).toMatchObject({ output: { isWithheld: true } });
  });

  it('leaves the outcome unknown when it does not answer within five minutes', async () => {
    vi.useFakeTimers();
    try {
      const at = bound({ run: () => new Promise(() => undefined) });
      const submission = at.provider.submit(request, at.context);
      await vi.advanceTimersByTimeAsync(301_000);
      expect(await submission).toMatchObject({ kind: 'unknown' });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the configuration', () => {
  const secrets = { SIGNING_SECRET: 'a signing secret for tests only' };
  const entries = [bflEntry, cloudflareAiEntry];
  const AI: AiBinding = { run: async () => null };

  it('has the provider where there is a binding and no key, and no other for it', () => {
    const { providers, usesSandbox } = readConfig({ ...secrets, AI }, entries);
    expect(providers.map(({ entry }) => entry.id)).toEqual(['cloudflare-ai']);
    expect(providers[0]?.settings).toEqual({
      ...{ apiKey: '', ai: AI, accountId: null },
      baseUrl: 'https://api.cloudflare.com',
    });
    expect(usesSandbox).toBe(false);
  });

  it('has it by its token and account as well, and not without either', () => {
    const keys = { CLOUDFLARE_API_TOKEN: 'a token', CLOUDFLARE_ACCOUNT_ID: 'an account' };
    const [configured] = readConfig({ ...secrets, ...keys }, entries).providers;
    expect(configured?.settings).toMatchObject({ apiKey: 'a token', accountId: 'an account', ai: null });
    expect(readConfig({ ...secrets, AI: 'not a binding' }, entries).providers).toEqual([]);
  });
});
