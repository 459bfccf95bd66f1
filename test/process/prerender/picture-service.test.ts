import { describe, expect, test } from 'vitest';
import { makePictures } from '../../../src/cli/prerender/make-pictures';
import { type OrderWatch, type PictureService, pictureService } from '../../../src/cli/prerender/picture-service';
import { createClient } from '../../../src/client/client';
import { FluxgateError } from '../../../src/client/fluxgate-error';
import type { Picture } from '../../../src/client/picture';
import { createTransport } from '../../../src/client/transport';

const fingerprintOf = (number: number) => number.toString(16).padStart(64, '0');
const parameters = { prompt: 'A fox', seed: 1, width: 64, height: 64, steps: 4, guidance: 5 };

/** A service that answers as this says. */
function serviceOf(answer: (url: URL) => unknown): PictureService {
  const fetch = async (url: string) => Response.json(answer(new URL(url)));
  const access = { baseUrl: 'https://pictures.test', key: 'fg_live_a', fetch };
  return pictureService(createClient(access), createTransport(access));
}

describe('pins', () => {
  test('are asked for in the list, from the first that is wanted to the last', async () => {
    const cursors: string[] = [];
    const service = serviceOf(({ searchParams }) => {
      const cursor = searchParams.get('cursor') ?? '';
      cursors.push(cursor);
      const from = Number.parseInt(cursor, 16) + 1;
      const data = Array.from({ length: 100 }, (_, index) => ({ fingerprint: fingerprintOf(from + index) }));
      return { object: 'list', data, next: data.at(-1)?.fingerprint };
    });
    const there = await service.pinnedOf([fingerprintOf(650), fingerprintOf(500)]);
    expect(cursors).toEqual([fingerprintOf(499), fingerprintOf(599)]);
    expect([there.has(fingerprintOf(500)), there.has(fingerprintOf(650)), there.has('f')]).toEqual([true, true, false]);
    expect((await service.pinnedOf([])).size).toBe(0);
    expect(cursors).toHaveLength(2);
  });
});

describe('a failure', () => {
  const state = (source: string, actual: number | null) => ({
    ...{ object: 'task', id: 't', source, cost: { quoted_micros: 50_000, actual_micros: actual } },
  });
  test.each([
    ['moderated_output', state('bought', 40_000), 40_000],
    ['moderated_output', state('joined', 40_000), 0],
    ['provider_failed', state('bought', null), 0],
    ['outcome_unknown', state('bought', null), 50_000],
  ] as const)('that is %s of %j cost %i', async (code, answer, cost) => {
    const error = new FluxgateError({ code, message: 'x', taskId: 't' });
    expect(await serviceOf(() => answer).chargeOf(error)).toBe(cost);
  });

  test('counts against the budget: what goes beyond is not begun', async () => {
    const tried: string[] = [];
    const service: PictureService = {
      ...serviceOf(() => ({})),
      make: async ({ prompt }) => {
        tried.push(prompt);
        throw new FluxgateError({ code: 'moderated_output', message: 'Withheld.', taskId: 't' });
      },
      chargeOf: async () => 60_000,
    };
    const quotes = ['a', 'b', 'c'].map((prompt) => ({
      picture: {
        ...{ key: prompt, parameters: { ...parameters, prompt } },
        formats: new Set(['webp' as const]),
        places: [],
      },
      quote: { fingerprint: fingerprintOf(1), isStored: false, priceMicros: 50_000, hitMicros: 0 },
    }));
    const making = {
      concurrency: 1,
      budgetMicros: 150_000,
      signal: new AbortController().signal,
      refused: [],
      onDone: () => undefined,
    };
    const { failures } = await makePictures(service, quotes, making);
    expect(tried).toEqual(['a', 'b']);
    expect(failures.map(({ spentMicros }) => spentMicros)).toEqual([60_000, 60_000, 0]);
    expect(String(failures[2]?.error)).toContain('The budget is used up');
  });
});

describe('what is no fault of a picture', () => {
  const quotesOf = (...prompts: string[]) =>
    prompts.map((prompt) => ({
      picture: {
        ...{ key: prompt, parameters: { ...parameters, prompt } },
        formats: new Set(['webp'] as const),
        places: [{ path: 'index.html', line: 1, column: 1 }],
      },
      quote: { fingerprint: fingerprintOf(1), isStored: false, priceMicros: 50_000, hitMicros: 0 },
    }));
  const making = (concurrency: number) => ({
    ...{ concurrency, budgetMicros: null, signal: new AbortController().signal, refused: [] },
    onDone: () => undefined,
  });
  const bought = (prompt: string) =>
    ({
      ...{ fingerprint: fingerprintOf(prompt.charCodeAt(0)), sandbox: false, thumbhash: null, color: null, task: 't' },
      ...{ source: 'bought', cost: { quotedMicros: 50_000, actualMicros: 50_000 }, url: 'https://pictures.test/a' },
    }) as unknown as Picture;
  const away = () => new FluxgateError({ code: 'unreachable', message: 'It is away.' });
  const revoked = () => new FluxgateError({ code: 'unauthenticated', status: 401, message: 'No such key.' });
  /** Makes what begins with `a`; of all else it throws. */
  const serviceThat = (throws: (prompt: string, onOrdered?: () => void) => unknown, tried: string[] = []) => ({
    ...serviceOf(() => ({})),
    make: async ({ prompt }: { prompt: string }, _format: string, watch?: OrderWatch) => {
      tried.push(prompt);
      if (prompt.startsWith('a')) return bought(prompt);
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw throws(prompt, watch?.onOrdered);
    },
    ownDigestOf: async () => fingerprintOf(2),
  });

  test('a service that is away is asked for no more, and what was under way may be bought', async () => {
    const tried: string[] = [];
    const made = makePictures(serviceThat(away, tried), quotesOf('b', 'c', 'd', 'e'), making(2));
    await expect(made).rejects.toMatchObject({
      ...{ exitCode: 5, code: 'unreachable', bought: [], spentMicros: 0, underWay: 2 },
      message: expect.stringMatching(
        /^It is away\.\n.+\nNothing bought by then\.\n2 were under way: they may still be bought/,
      ),
    });
    expect(tried).toEqual(['b', 'c']);
  });

  test('what was under way may be bought, too, where others were made by then', async () => {
    const tried: string[] = [];
    const made = makePictures(serviceThat(away, tried), quotesOf('a', 'b', 'c', 'd', 'e'), making(2));
    await expect(made).rejects.toMatchObject({
      ...{ exitCode: 5, bought: [fingerprintOf(97)], spentMicros: 50_000, failures: [], underWay: 2 },
      message: expect.stringMatching(/\n1 bought for \$0\.05 by then\..+\n2 were under way: they may still be bought/),
    });
    expect(tried).toEqual(['a', 'b', 'c']);
  });

  test('a picture that was made, and then not asked of any more, is told as bought', async () => {
    const service: PictureService = { ...serviceThat(away), ownDigestOf: async () => Promise.reject(away()) };
    await expect(makePictures(service, quotesOf('a'), making(1))).rejects.toMatchObject({
      ...{ bought: [fingerprintOf(97)], spentMicros: 50_000, underWay: 0 },
    });
  });

  test('a key that ends in the middle ends the run, and what is known of each is told', async () => {
    const service = serviceThat((prompt, onOrdered) => {
      if (prompt === 'b') onOrdered?.();
      return prompt === 'c' ? new FluxgateError({ code: 'moderated_request', message: 'Refused.' }) : revoked();
    });
    await expect(makePictures(service, quotesOf('a', 'c', 'b', 'd', 'e'), making(4))).rejects.toMatchObject({
      ...{ exitCode: 3, code: 'unauthenticated', bought: [fingerprintOf(97)], spentMicros: 50_000 },
      ...{ failedMicros: 0, underWay: 1, failures: [{ prompt: 'c', places: ['index.html:1:1'], message: 'Refused.' }] },
      message: expect.stringMatching(
        /^No such key\.\n[\s\S]+1 failed by then\.[\s\S]+\n✗ "c": Refused\.\n {2}index\.html:1:1$/,
      ),
    });
  });

  test('with nothing bought and nothing under way it is told alone', async () => {
    const error = revoked();
    await expect(
      makePictures(
        serviceThat(() => error),
        quotesOf('b'),
        making(1),
      ),
    ).rejects.toBe(error);
  });

  test('a refusal of an order is told by the field that the quote names', async () => {
    const message = 'size: this key may order at most 0.1 megapixels.';
    const issues = [{ field: 'size', message }];
    const fetch = async (url: string) =>
      url.includes('/v1/quote')
        ? Response.json({ error: { code: 'forbidden', message, issues } }, { status: 403 })
        : Response.json({ detail: message }, { status: 403, headers: { 'x-fluxgate-error': 'forbidden' } });
    const access = { baseUrl: 'https://pictures.test', key: 'fg_live_a', fetch };
    const service = pictureService(createClient(access), createTransport(access));
    await expect(service.make(parameters, 'webp')).rejects.toMatchObject({ code: 'forbidden', issues });
  });

  test('a key that may not order one picture is the fault of that one alone', async () => {
    const message = 'size: this key may order at most 0.1 megapixels.';
    const issues = [{ field: 'size', message }];
    const refused = () => new FluxgateError({ code: 'forbidden', status: 403, message, issues });
    const { made, failures } = await makePictures(serviceThat(refused), quotesOf('b', 'a', 'a2'), making(1));
    expect([made.map(({ picture }) => picture.key), failures.map(({ picture }) => picture.key)]).toEqual([
      ['a', 'a2'],
      ['b'],
    ]);
  });
});

describe('a picture in several formats, where hits have a price', () => {
  const picture = (prompt: string) => ({
    ...{ key: prompt, parameters: { ...parameters, prompt }, places: [] },
    formats: new Set(['webp', 'png', 'jpeg'] as const),
  });
  const quoteFor = async (stored: boolean, micros: number) => {
    const pictures = [{ fingerprint: fingerprintOf(1), stored, price_micros: micros, hit_micros: 1_000 }];
    return await serviceOf(() => ({ object: 'quote', pictures })).quote(parameters, 3);
  };

  test('is quoted at the price of its making and of a hit for each other format, or of hits alone', async () => {
    expect((await quoteFor(false, 50_000)).priceMicros).toBe(52_000);
    expect((await quoteFor(true, 1_000)).priceMicros).toBe(3_000);
  });

  test('counts its hits against the budget', async () => {
    const there = new Set(['stored']);
    const service: PictureService = {
      ...serviceOf(() => ({})),
      make: async ({ prompt }) => {
        const source = there.has(prompt) ? 'hit' : 'bought';
        there.add(prompt);
        const cost = { quotedMicros: 50_000, actualMicros: 50_000 };
        const facts = { fingerprint: fingerprintOf(1), sandbox: false, thumbhash: null, color: null, task: 't' };
        return { ...facts, source, cost, url: 'https://pictures.test/a' } as unknown as Picture;
      },
      ownDigestOf: async () => fingerprintOf(2),
    };
    const quotes = [
      { picture: picture('stored'), quote: await quoteFor(true, 1_000) },
      { picture: picture('new'), quote: await quoteFor(false, 50_000) },
      { picture: picture('newer'), quote: await quoteFor(false, 50_000) },
    ];
    const signal = new AbortController().signal;
    const making = { concurrency: 1, budgetMicros: 56_999, signal, refused: [], onDone: () => undefined };
    const { made, failures } = await makePictures(service, quotes, making);
    expect(made.map(({ spentMicros }) => spentMicros)).toEqual([3_000, 52_000]);
    expect(String(failures[0]?.error)).toContain('The budget is used up');
  });
});
