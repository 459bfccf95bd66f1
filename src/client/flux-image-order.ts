import { FluxgateError } from './fluxgate-error';
import { pollTask } from './follow-task';
import { orderPath, type PictureOptions } from './order';
import type { Picture } from './picture';
import { isEnded } from './task-end';
import type { TaskState } from './task-state';
import { createTransport } from './transport';

/** Orders of one page under way at a time. */
const mostAtOnce = 3;
/** How far below the fold a picture is ordered. */
const nearBy = '400px';

let underWay = 0;
const others: (() => void)[] = [];

export interface PageOrder {
  readonly endpoint: string;
  readonly key: string;
  readonly order: Readonly<Record<string, unknown>> & Pick<PictureOptions, 'prompt' | 'seed'>;
}
export interface Following {
  readonly signal: AbortSignal;
  readonly onProgress: (task: TaskState) => void;
}
export type PagePicture = Pick<Picture, 'url' | 'width' | 'height' | 'seed' | 'fingerprint' | 'thumbhash' | 'color'>;

/** Orders a picture when it is this page's turn to, and waits for it. */
export async function orderInTurn(wanted: PageOrder, following: Following): Promise<PagePicture> {
  while (underWay >= mostAtOnce) await new Promise<void>((resolve) => others.push(resolve));
  underWay += 1;
  try {
    following.signal.throwIfAborted();
    return await orderPicture(wanted, following);
  } finally {
    underWay -= 1;
    others.shift()?.();
  }
}

/** Not the client's `generate`, which follows by streams and takes references: this script has to be small. */
async function orderPicture(
  { endpoint, key, order }: PageOrder,
  { signal, onProgress }: Following,
): Promise<PagePicture> {
  const transport = createTransport({ baseUrl: endpoint, key });
  const seed = order.seed ?? (await seedOfPrompt(String(order.prompt)));
  // The seed is named, so that sent again it is the same order.
  const sending = { method: 'POST', json: { ...order, seed }, signal, repeatable: true };
  const answer = await transport.send(orderPath, sending);
  const told = (name: string) => answer.headers.get(`x-fluxgate-${name}`);
  const [url, fingerprint] = [told('picture'), told('fingerprint') ?? ''];
  if (url !== null) {
    const [width, height] = [Number(told('width')), Number(told('height'))];
    return { ...{ url, width, height, seed, fingerprint }, thumbhash: told('thumbhash'), color: told('color') };
  }
  for await (const task of pollTask(transport, ((await answer.json()) as { id: string }).id, signal)) {
    onProgress(task);
    const { picture, error, status } = task;
    if (picture !== null) return { ...picture, seed, fingerprint };
    if (isEnded(task)) throw new FluxgateError(error ?? { code: 'incomplete', message: `The picture was ${status}.` });
  }
  throw new FluxgateError({ code: 'incomplete', message: 'The picture told no end.' });
}

/** Waits until an element is about to be seen. */
export function nearView(element: Element, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: nearBy },
    );
    signal.addEventListener('abort', () => observer.disconnect());
    observer.observe(element);
  });
}

/** As signed links do it: without a seed, a prompt has one of its own, so that a page always shows the same picture. */
async function seedOfPrompt(prompt: string): Promise<number> {
  const text = new TextEncoder().encode(`fluxgate:seed-of-prompt:v1\n${prompt}`);
  return new DataView(await crypto.subtle.digest('SHA-256', text)).getUint32(0);
}
