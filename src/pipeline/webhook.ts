import { Fault } from '../core/fault';
import type { WebhookOrder } from '../core/order';
import { checkPublicUrl } from '../core/public-address';
import type { TaskHandle } from '../core/task-id';
import type { Caller, Ports } from './ports';

/**
 * Refuses a webhook that could never be told, before anything is bought for it.
 * @throws Fault `invalid_request` naming the field that held the URL.
 */
export function checkWebhook({ trustedOrigins }: Ports, { url, field }: WebhookOrder): void {
  const check = checkPublicUrl(url, trustedOrigins);
  if ('reason' in check) throw Fault.ofField(field, `expected ${check.reason}.`);
}

/** Has the task's render tell a URL when it begins or ends, as was asked. */
export async function requestWebhook(
  ports: Ports,
  caller: Caller,
  { webhook, handle, taskId }: { webhook: WebhookOrder; handle: TaskHandle; taskId: string },
): Promise<void> {
  for (const moment of webhook.moments) {
    await ports.renders.addWebhook(handle.fingerprint, {
      taskId,
      generation: handle.generation,
      nonce: handle.nonce,
      accountId: caller.account.id,
      dialect: caller.dialect,
      origin: caller.origin,
      webhook,
      moment,
      messageId: `msg_${handle.nonce}_${moment}`,
      tries: 0,
      nextAt: 0,
    });
  }
}
