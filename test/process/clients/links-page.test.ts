import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { linkedPicture, onFail, onMiss, readLink } from '../../../src/core/picture-link';
import { printedBy, type Ran, runNode, runPython } from '../support/run-program.ts';

const origin = inject('origin');
const page = readFileSync(new URL('../../../docs/links.md', import.meta.url), 'utf8');

/** The one program of a language that the page has, as it stands there. */
function programIn(language: string): string {
  const [first, ...others] = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))];
  expect(others).toEqual([]);
  return first?.[1] ?? '';
}

async function linkKey(): Promise<Record<string, string>> {
  const id = `links-${crypto.randomUUID().slice(0, 8)}`;
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${inject('key')}`, 'content-type': 'application/json' };
    const response = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string; key: string };
  };
  await post('/v1/admin/accounts', { id, name: id });
  const made = await post(`/v1/admin/accounts/${id}/keys`, { name: 'links', kind: 'link' });
  return { FLUXGATE_URL: origin, FLUXGATE_LINK_KEY: made.id, FLUXGATE_LINK_SECRET: made.key };
}

const printedLink = (ran: Ran) => printedBy(ran).trim();

describe('the page about links', () => {
  it('has a program in Python and one in JavaScript that print one and the same link, and that is a picture', async () => {
    const variables = await linkKey();
    const links = [
      printedLink(await runPython(programIn('python'), variables)),
      printedLink(await runNode(programIn('js'), variables)),
    ];
    expect(links[1]).toBe(links[0]);
    const picture = await fetch(links[0] ?? '');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const other = await fetch((links[0] ?? '').replace('width=128', 'width=144'));
    expect(other.status).toBe(403);
  });

  it('names every parameter that a link knows, and every value of onmiss and onfail', async () => {
    const told = [...page.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(knownParameters().length).toBeGreaterThan(15);
    expect(knownParameters().filter((name) => !told.includes(name))).toEqual([]);
    for (const value of [...onMiss, ...onFail]) expect(page).toContain(`\`${value}\``);
  });
});

/** As a link is told that asks for something else; references after the first are told as a range. */
function knownParameters(): string[] {
  try {
    linkedPicture(readLink('a.png', '?nothing=1'));
  } catch (thrown) {
    const [, names = ''] = /expected one of (.*)\.$/.exec(String(thrown)) ?? [];
    return names.split(', ').filter((name) => !/^input_image_[3-7]$/.test(name));
  }
  throw new Error('A parameter that is none was taken.');
}
