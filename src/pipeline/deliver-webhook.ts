import { Webhook } from 'standardwebhooks';
import type { WebhookMessage } from '../core/dialect';
import { Fault } from '../core/fault';
import type { WebhookMoment } from '../core/order';
import type { Task } from '../core/task';
import type { WebhookRecord } from '../renders/render-ports';
import type { RenderView } from '../renders/render-view';
import type { Ports } from './ports';
import { currentTask, taskOfView } from './tasks';

/** What delivering needs besides the pipeline's ports. */
export interface WebhookSender {
  /** Words the task in its dialect; null when that dialect has no such message. */
  message(
    dialect: string,
    told: { readonly task: Task; readonly moment: WebhookMoment; readonly origin: string },
  ): WebhookMessage | null;
  /** What an account verifies with; more than one while the deployment's secret is changed. */
  accountSecrets(accountId: string): Promise<readonly string[]>;
  /** fal's headers over a body: Ed25519 with the service's own key. */
  falHeaders(about: {
    readonly requestId: string;
    readonly userId: string;
    readonly body: string;
  }): Promise<Record<string, string>>;
  /** Sends; resolves to the HTTP status. Throws when the address is refused or nothing answered. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  log(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** One try to tell a URL that a task ended. True when it was taken (any 2xx), or when there is nothing to tell. */
export async function deliverWebhook(
  ports: Ports,
  sender: WebhookSender,
  { record, view }: { record: WebhookRecord; view: RenderView | null },
): Promise<boolean> {
  try {
    const task = await taskOf(ports, record, view);
    const message = sender.message(record.dialect, { task, moment: record.moment, origin: record.origin });
    if (message === null) return true;
    const body = JSON.stringify(message.body);
    const headers = await headersOf(sender, record, { signature: message.signature, body });
    const status = await sender.post(record.webhook.url, headers, body);
    return status >= 200 && status < 300;
  } catch (thrown) {
    sender.log('webhook-error', { dialect: record.dialect, try: record.tries, cause: String(thrown) });
    return false;
  }
}

async function taskOf(ports: Ports, record: WebhookRecord, view: RenderView | null): Promise<Task> {
  const handle = await ports.taskIds.open(record.taskId);
  if (handle === null) throw new Fault('task_not_found', 'The task of a webhook is not one of ours.');
  if (view === null) return await currentTask(ports, record.origin, { id: record.taskId, handle });
  const { request, quotedMicros } = view;
  const sized = { ...request, ...handle.size };
  return await taskOfView(ports, record.origin, {
    id: record.taskId,
    handle,
    request: sized,
    quotedMicros,
    view,
    wantsBytes: false,
  });
}

async function headersOf(
  sender: WebhookSender,
  record: WebhookRecord,
  { signature, body }: { signature: WebhookMessage['signature']; body: string },
): Promise<Record<string, string>> {
  const { secret } = record.webhook;
  const secrets = secret ? [secret] : await sender.accountSecrets(record.accountId);
  const standard = signedHeaders(record.messageId, body, secrets);
  if (signature === 'standard') return standard;
  return { ...standard, ...(await sender.falHeaders({ requestId: record.taskId, userId: record.accountId, body })) };
}

/** `whsec_` and base64, in whole groups of four. */
const standardSecret = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

/**
 * The headers of Standard Webhooks, with a signature by each secret: one that fits is enough. A secret of the caller's
 * own choosing is used as it is, byte for byte.
 */
function signedHeaders(messageId: string, body: string, secrets: readonly string[]): Record<string, string> {
  const now = new Date();
  const signatures = secrets.map((secret) => {
    const signer = standardSecret.test(secret) ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
    return signer.sign(messageId, now, body);
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Fluxgate-Webhooks/1',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
