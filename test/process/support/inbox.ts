import { randomUUID } from 'node:crypto';
import { inject, vi } from 'vitest';
import type { Letter } from './mailbox.ts';

/** A webhook URL that nobody else uses. `letters` waits until so many have arrived there. */
export function openInbox(): { readonly url: string; letters(count: number): Promise<readonly Letter[]> } {
  const box = `${inject('mailboxOrigin')}/${randomUUID()}`;
  const letters = (count: number) =>
    vi.waitFor(
      async () => {
        const arrived: Letter[] = JSON.parse(await (await fetch(box)).text());
        if (arrived.length < count) throw new Error(`${arrived.length} of ${count} webhooks have arrived.`);
        return arrived;
      },
      { timeout: 10_000, interval: 30 },
    );
  return { url: `${box}?by=fluxgate&to=me`, letters };
}

/** The first webhook that arrives. */
export async function firstLetter(inbox: ReturnType<typeof openInbox>): Promise<Letter> {
  const [first] = await inbox.letters(1);
  if (first === undefined) throw new Error('No webhook has arrived.');
  return first;
}
