import { webhookDelaysMs } from './back-off';
import type { RenderPorts, WebhookRecord } from './render-ports';
import type { RenderView } from './render-view';
import type { TaskRows } from './task-rows';

interface Telling {
  readonly webhooks: TaskRows<WebhookRecord>;
  readonly view: (webhook: WebhookRecord) => RenderView | null;
  readonly ports: RenderPorts;
}

const atOnce = 6;

/** Tries every webhook that is due, a few at a time. What failed is kept for a later try, the last try excepted. */
export async function tellDue(telling: Telling): Promise<void> {
  const now = Date.now();
  const due = [...telling.webhooks.all().values()].filter((webhook) => webhook.nextAt <= now);
  for (let index = 0; index < due.length; index += atOnce) {
    await Promise.all(due.slice(index, index + atOnce).map((webhook) => tell(webhook, telling)));
  }
}

async function tell(webhook: WebhookRecord, { webhooks, view, ports }: Telling): Promise<void> {
  const isDone = await ports.tell(webhook, view(webhook));
  const tries = webhook.tries + 1;
  const delay = webhookDelaysMs[tries];
  if (isDone || delay === undefined) webhooks.drop(webhook.nonce);
  else webhooks.keep(webhook.nonce, { ...webhook, tries, nextAt: Date.now() + delay });
}
