import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { printedBy, runPython, runShell } from '../process/support/run-program.ts';
import { makePicture } from './support/service-calls.ts';
import { openBench, shownPicture } from './support/workbench.ts';

const variables = { FLUXGATE_KEY: inject('key') };
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.log('python3 is not on this machine: its samples are left out.');

const runners = {
  curl: (text: string) => runShell(text, variables),
  JavaScript: (text: string) =>
    runShell(`node --input-type=module <<'FLUXGATE_SAMPLE'\n${text}\nFLUXGATE_SAMPLE`, variables),
  ...(hasPython ? { Python: (text: string) => runPython(text, variables) } : {}),
};

it('every sample of every dialect runs as it is shown, and gives the picture on the bench', async () => {
  const fragment = new URLSearchParams({
    prompt: `A "SAME" poster in #336699, it's $5 of $(x) and \`y\`, \\n\nשלום \u202e ${Date.now()} \\"\\'\\\\"""\\`,
    ...{ size: '1024x1024', steps: '30', guidance: '5', seed: '77', lock: '1', safety: '2', format: 'png' },
  });
  const { page, make, choose } = await openBench(`#${fragment}`);
  await make.click();
  const expected = await digestAt(await shownPicture(page));
  await choose('What to see', 'API');
  const dialects = await page
    .locator('#dialect option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(dialects).toEqual(['bfl', 'openai', 'cometapi', 'fal', 'replicate', 'oxen', '1min', 'hinow', 'chat']);
  const outcomes: Record<string, string> = {};
  for (const dialect of dialects) {
    await page.selectOption('#dialect', dialect);
    for (const [language, run] of Object.entries(runners)) {
      await choose('Language', language);
      const text = (await page.locator('#sample').textContent()) ?? '';
      const url = urlIn(printedBy(await run(text)));
      outcomes[`${dialect}, ${language}`] = (await digestAt(url)) === expected ? 'the same' : `another: ${url}`;
    }
  }
  expect(new Set(Object.values(outcomes)), JSON.stringify(outcomes)).toEqual(new Set(['the same']));
});

it('says what a dialect has no words for, and shows no request that would be another picture', async () => {
  const fragment = new URLSearchParams({ prompt: 'Out of range', steps: '3', size: '1000x600', seed: '1' });
  const { page, choose } = await openBench(`#${fragment}`);
  await choose('What to see', 'API');
  await page.selectOption('#dialect', '1min');
  const note = await page.locator('#sample-impossible').textContent();
  expect(note).toContain('its steps is 6 to 50, not 3');
  expect(note).toContain('it has no size of 1000×600');
  expect(await page.locator('#sample').count()).toBe(0);
});

it('a sample with three references runs as it is shown, and has them in their order', async () => {
  const prompts = ['A red door', 'A green door', 'A blue door'];
  const prints = await Promise.all(prompts.map((prompt) => makePicture(inject('key'), { prompt })));
  const references = prints.map((print) => ['ref', `${inject('origin')}/images/${print}.png`]);
  const settings = { prompt: `Three doors ${Date.now()}`, size: '1024x1024', seed: '78', lock: '1' };
  const { page, make, choose } = await openBench(
    `#${new URLSearchParams([...Object.entries(settings), ...references])}`,
  );
  await make.click();
  const expected = await digestAt(await shownPicture(page));
  await choose('What to see', 'API');
  await page.selectOption('#dialect', 'bfl');
  const url = urlIn(printedBy(await runners.curl((await page.locator('#sample').textContent()) ?? '')));
  expect(await digestAt(url)).toBe(expected);
});

function urlIn(printed: string): string {
  const urls = [...printed.matchAll(/https?:\/\/[^\s"')\\]+/g)].map(([url]) => url);
  return urls.find((url) => /\/(images|temporary)\//.test(url)) ?? `no picture in: ${printed.slice(0, 300)}`;
}

async function digestAt(url: string): Promise<string> {
  const response = await fetch(url);
  return createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex');
}
