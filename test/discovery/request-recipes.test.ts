import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { requestRecipes } from '../../src/discovery/request-recipes';
import { codeText, languages } from '../../src/web/samples/code-text';
import { composeRequest } from '../../src/web/samples/compose-request';
import type { PictureSettings } from '../../src/web/samples/picture-settings';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { call, origin } from '../support/front-door';

const recipes = requestRecipes(dialects);
const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
const reference = `data:image/png;base64,${pictureBytes('png').toBase64()}`;
const different = [
  reference,
  `data:image/webp;base64,${pictureBytes('webpLossy').toBase64()}`,
  `data:image/gif;base64,${pictureBytes('gif').toBase64()}`,
];
const plain: PictureSettings = {
  prompt: 'One picture in the words of "everybody"',
  references: [],
  ...{ width: 1024, height: 1024, steps: 30, guidance: 5, seed: 4_294_967_295 },
  ...{ promptUpsampling: false, safetyTolerance: 3, format: 'jpeg', quality: 80 },
};

/** What a dialect's request for a picture comes to, by the service's own quote. */
async function quotedIn(dialect: string, picture: PictureSettings) {
  const composed = composeRequest(
    recipes.filter((recipe) => recipe.dialect === dialect),
    picture,
  );
  if (composed.kind === 'impossible') return { reasons: composed.reasons };
  const path = composed.recipe.path.replace('black-forest-labs/flux-2-flex/predictions', ':owner/:name/predictions');
  const query = new URLSearchParams({ dialect, path });
  const response = await call(`/v1/quote?${query}`, { json: composed.body });
  const body: { pictures?: { fingerprint: string }[] } = await response.json();
  return { fingerprint: body.pictures?.[0]?.fingerprint ?? JSON.stringify(body), notes: composed.notes };
}

describe('a request of each dialect', () => {
  it('can be written for every dialect that makes pictures', () => {
    expect([...new Set(recipes.map(({ dialect }) => dialect))]).toEqual(makers.map(({ id }) => id));
  });

  it.each([
    { name: 'without references', picture: plain },
    { name: 'with one', picture: { ...plain, references: [reference] } },
    { name: 'with two', picture: { ...plain, references: [reference, reference] } },
    { name: 'with three different ones', picture: { ...plain, references: different } },
  ])('is for the very same picture $name', async ({ picture }) => {
    const prints = await Promise.all(makers.map(async ({ id }) => [id, (await quotedIn(id, picture)).fingerprint]));
    const expected = (await quotedIn('openai', picture)).fingerprint;
    expect(expected).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.fromEntries(prints)).toEqual(Object.fromEntries(makers.map(({ id }) => [id, expected])));
  });

  it.each(makers.flatMap(({ id }) => languages.map((language) => ({ id, language }))))(
    'has three references in their order as a sample of $id in $language',
    ({ id, language }) => {
      const names = ['first', 'second', 'third'];
      const composed = composeRequest(
        recipes.filter(({ dialect }) => dialect === id),
        { ...plain, references: names.map((name) => `https://example.com/${name}.png`) },
      );
      if (composed.kind === 'impossible') throw new Error(composed.reasons.join(', '));
      const text = codeText(language, { origin, recipe: composed.recipe, body: composed.body });
      expect([...text.matchAll(/https:\/\/example\.com\/(\w+)\.png/g)].map(([, name]) => name)).toEqual(names);
    },
  );

  it('is for the very same picture with a JSON prompt, but for the conversation, which has no words for it', async () => {
    const picture = { ...plain, prompt: { scene: 'a harbour', subjects: ['a boat'] } };
    expect(await quotedIn('chat', picture)).toEqual({ reasons: ['its prompts are text: it takes no JSON prompt'] });
    expect(await quotedIn('bfl', picture)).toMatchObject({
      fingerprint: (await quotedIn('openai', picture)).fingerprint,
    });
  });

  it.each([
    { dialect: '1min', change: { steps: 5 }, reason: 'its steps is 6 to 50, not 5' },
    { dialect: '1min', change: { guidance: 9 }, reason: 'its guidance is 2 to 5, not 9' },
    { dialect: 'fal', change: { safetyTolerance: 0 }, reason: 'its safety tolerance is 1, 2, 3, 4, 5, not 0' },
    { dialect: 'hinow', change: { steps: 31 }, reason: 'its steps is 25, 30, 40, 50, not 31' },
    {
      dialect: 'replicate',
      change: { width: 128 },
      reason: 'its width and height are 256 to 2048 pixels, not 128 × 1024',
    },
    {
      dialect: 'bfl',
      change: { references: Array(9).fill(reference) },
      reason: 'it takes at most 8 references, not 9',
    },
  ])('is not written where $dialect has no words for it: $reason', async ({ dialect, change, reason }) => {
    expect(await quotedIn(dialect, { ...plain, ...change })).toEqual({ reasons: [reason] });
  });

  it('tells which settings of the file it leaves to the dialect', async () => {
    const { notes } = await quotedIn('cometapi', { ...plain, format: 'avif' });
    expect(notes).toEqual([
      'CometAPI has no avif (jpeg, png): the file comes in its own default format.',
      'CometAPI has no quality setting: the encoder chooses.',
    ]);
  });

  it('takes every size that it offers for the size that it promises', async () => {
    const offered = recipes.flatMap(({ dialect, size, references }) =>
      size.kind === 'choices' && references?.isRequired !== true
        ? size.choices.map(({ width, height }) => ({ dialect, width, height }))
        : [],
    );
    expect(offered.length).toBeGreaterThan(20);
    for (const { dialect, width, height } of offered) {
      const picture = { ...plain, width, height };
      const [theirs, ours] = await Promise.all([quotedIn(dialect, picture), quotedIn('openai', picture)]);
      expect(theirs.fingerprint, `${dialect} ${width}x${height}`).toBe(ours.fingerprint);
    }
  });
});
