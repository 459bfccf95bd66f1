import { describe, expect, test } from 'vitest';
import { makePictures } from '../../../src/cli/prerender/make-pictures';
import { type PictureService, pictureService } from '../../../src/cli/prerender/picture-service';
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
      onDone: () => undefined,
    };
    const { failures } = await makePictures(service, quotes, making);
    expect(tried).toEqual(['a', 'b']);
    expect(failures.map(({ spentMicros }) => spentMicros)).toEqual([60_000, 60_000, 0]);
    expect(String(failures[2]?.error)).toContain('The budget is used up');
  });
});

describe('a service that is away', () => {
  test('is asked for no more, and what was under way may be bought', async () => {
    const tried: string[] = [];
    const service: PictureService = {
      ...serviceOf(() => ({})),
      make: async ({ prompt }) => {
        tried.push(prompt);
        throw new FluxgateError({ code: 'unreachable', message: 'It is away.' });
      },
    };
    const quotes = ['a', 'b', 'c', 'd'].map((prompt) => ({
      picture: {
        ...{ key: prompt, parameters: { ...parameters, prompt } },
        formats: new Set(['webp'] as const),
        places: [],
      },
      quote: { fingerprint: fingerprintOf(1), isStored: false, priceMicros: 50_000, hitMicros: 0 },
    }));
    const { signal } = new AbortController();
    const making = { concurrency: 2, budgetMicros: null, signal, onDone: () => undefined };
    await expect(makePictures(service, quotes, making)).rejects.toMatchObject({
      ...{ exitCode: 5, code: 'unreachable', bought: [], spentMicros: 0, underWay: 2 },
      message: expect.stringMatching(
        /^It is away\.\n.+\nNothing bought by then\.\n2 were under way: they may still be bought/,
      ),
    });
    expect(tried).toEqual(['a', 'b']);
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
    const making = { concurrency: 1, budgetMicros: 56_999, signal, onDone: () => undefined };
    const { made, failures } = await makePictures(service, quotes, making);
    expect(made.map(({ spentMicros }) => spentMicros)).toEqual([3_000, 52_000]);
    expect(String(failures[0]?.error)).toContain('The budget is used up');
  });
});
