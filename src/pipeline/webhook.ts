import type { WebhookOrder } from '../core/order';
import type { TaskHandle } from '../core/task-id';
import type { Caller, Ports } from './ports';

/** Has the task's render tell a URL when it ends. */
export async function requestWebhook(
  ports: Ports,
  caller: Caller,
  { webhook, handle, taskId }: { webhook: WebhookOrder; handle: TaskHandle; taskId: string },
): Promise<void> {
  await ports.renders.addWebhook(handle.fingerprint, {
    taskId,
    generation: handle.generation,
    nonce: handle.nonce,
    accountId: caller.account.id,
    dialect: caller.dialect,
    origin: caller.origin,
    webhook,
    messageId: `msg_${handle.nonce}`,
    tries: 0,
    nextAt: 0,
  });
}
