import { readFileSync } from 'node:fs';
import { expect, inject, it } from 'vitest';
import { dialects } from '../../../src/dialects/registry';
import { pictureAt } from '../support/fetched-picture.ts';
import { printedBy, runShell } from '../support/run-program.ts';

const variables = { URL: inject('origin'), KEY: inject('key') };
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
/** Each request in the README's shell blocks, below the comment that says whose it is. */
const requests = [...readme.matchAll(/^# (.+)\n(curl \$URL(?:.*\\\n)*.*)/gm)].map(([, title = '', line = '']) => ({
  title,
  line,
}));

it('shows a request in every dialect that makes pictures', () => {
  const making = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
  expect(requests).toHaveLength(making.length);
});

it.each(requests)('$title: works as it is shown', async ({ line }) => {
  const answer = printedBy(await runShell(line, variables));
  const url = await pictureUrlIn(answer);
  expect(url.startsWith(`${inject('origin')}/`)).toBe(true);
  await pictureAt(url);
});

/** The URL of the picture, wherever the dialect has it: in the answer, or where the answer says to look. */
async function pictureUrlIn(answer: string): Promise<string> {
  const polling = /"polling_url":"([^"]+)"/.exec(answer)?.[1];
  if (polling === undefined) return /http[^"\s)]+\/(?:images|temporary)\/[^"\s)]+/.exec(answer)?.[0] ?? answer;
  for (;;) {
    const polled = await (await fetch(polling, { headers: { 'x-key': inject('key') } })).text();
    if (!polled.includes('"Pending"')) return pictureUrlIn(polled);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
