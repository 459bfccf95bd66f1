import { createHash } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { printedBy, runShell } from '../process/support/run-program.ts';
import { openBench, shownPicture } from './support/workbench.ts';

it('shows a sample in JavaScript that gives the same picture, whatever its JSON prompt calls its keys', async () => {
  const prompt = `{"scene":"a harbour ${crypto.randomUUID()}","__proto__":{"mood":"calm","__proto__":1}}`;
  const { page, make, choose } = await openBench(
    `#${new URLSearchParams({ prompt, json: '1', seed: '5', lock: '1' })}`,
  );
  await make.click();
  const expected = await digestAt(await shownPicture(page));
  await choose('What to see', 'API');
  await choose('Language', 'JavaScript');
  const outcomes: Record<string, boolean> = {};
  for (const dialect of ['openai', 'bfl']) {
    await page.selectOption('#dialect', dialect);
    const text = (await page.locator('#sample').textContent()) ?? '';
    const program = `node --input-type=module <<'FLUXGATE_SAMPLE'\n${text}\nFLUXGATE_SAMPLE`;
    const printed = printedBy(await runShell(program, { FLUXGATE_KEY: inject('key') }));
    outcomes[dialect] = (await digestAt(/https?:\/\/\S+/.exec(printed)?.[0] ?? '')) === expected;
  }
  expect(outcomes).toEqual({ openai: true, bfl: true });
});

async function digestAt(url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return createHash('sha256').update(bytes).digest('hex');
}
