import { webhookDelaysMs } from './back-off';
import type { RenderPorts, WebhookRecord } from './render-ports';
import type { RenderView } from './render-view';
import type { TaskRows } from './task-rows';

type Webhooks = TaskRows<WebhookRecord>;
interface Render {
  view(generation: number, nonce: string): RenderView | null;
}

const atOnce = 6;
/** However many wait to be told, these are enough to have in memory. */
const inOnePass = 1_000;

/** When the next webhook is due; null when none waits. */
export function tellDueAt(webhooks: Webhooks): number | null {
  let dueAt: number | null = null;
  for (const [, { nextAt }] of webhooks.each()) dueAt = Math.min(nextAt, dueAt ?? nextAt);
  return dueAt;
}

/** Tries webhooks that are due, a few at a time. What failed is kept for a later try, the last try excepted. */
export async function tellDue(webhooks: Webhooks, render: Render, ports: RenderPorts): Promise<void> {
  const now = Date.now();
  const tryOnce = async (webhook: WebhookRecord) => {
    const isDone = await ports.tell(webhook, render.view(webhook.generation, webhook.nonce));
    const tries = webhook.tries + 1;
    const delay = webhookDelaysMs[tries];
    if (isDone || delay === undefined) webhooks.drop(webhook.nonce);
    else webhooks.keep(webhook.nonce, { ...webhook, tries, nextAt: Date.now() + delay });
  };
  const due: WebhookRecord[] = [];
  for (const [, webhook] of webhooks.each()) {
    if (webhook.nextAt <= now) due.push(webhook);
    if (due.length === inOnePass) break;
  }
  for (let index = 0; index < due.length; index += atOnce) {
    await Promise.all(due.slice(index, index + atOnce).map(tryOnce));
  }
}
