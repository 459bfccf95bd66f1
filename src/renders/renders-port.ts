import type { FaultRecord } from '../core/fault';
import type { TaskHandle } from '../core/task-id';
import type { RenderObjectBase } from './render-object';
import type { JoinAnswer, JoinRequest, WebhookRecord } from './render-ports';
import type { RenderView } from './render-view';

/** The RPC face of a render object: what {@link RenderObjectBase} offers, each answer by value. */
type Face = Pick<
  RenderObjectBase<unknown>,
  'join' | 'view' | 'isUnderWay' | 'restingFault' | 'wait' | 'watch' | 'cancel' | 'addWebhook'
>;
type Stub = {
  readonly [Name in keyof Face]: (...given: Parameters<Face[Name]>) => Promise<Awaited<ReturnType<Face[Name]>>>;
};
export interface RenderNamespace {
  getByName(name: string): unknown;
}

const tries = 3;

/**
 * Render objects by fingerprint. Every call is safe to repeat: an object that was just restarted, or moved, is asked
 * again, and it goes on from what it stored.
 */
export function rendersPort(namespace: RenderNamespace) {
  // The platform's own type of a stub is too deep for the compiler to compare with ours.
  const stubOf = (fingerprint: string) => namespace.getByName(fingerprint) as Stub;
  return {
    join: (request: JoinRequest): Promise<JoinAnswer> => again(() => stubOf(request.fingerprint).join(request)),
    view: ({ fingerprint, generation, nonce }: TaskHandle): Promise<RenderView | null> =>
      again(() => stubOf(fingerprint).view(generation, nonce)),
    isUnderWay: (fingerprint: string, nonce: string | null): Promise<boolean> =>
      again(() => stubOf(fingerprint).isUnderWay(nonce)),
    restingFault: (fingerprint: string, accountId: string, restMs: number): Promise<FaultRecord | null> =>
      again(() => stubOf(fingerprint).restingFault(accountId, restMs)),
    wait: (handle: TaskHandle, timeoutMs: number): Promise<RenderView | null> => {
      const endAt = Date.now() + timeoutMs;
      const { fingerprint, generation, nonce } = handle;
      return again(() => stubOf(fingerprint).wait(generation, nonce, Math.max(0, endAt - Date.now())));
    },
    watch: ({ fingerprint, generation, nonce }: TaskHandle): Promise<ReadableStream<Uint8Array>> =>
      again(() => stubOf(fingerprint).watch(generation, nonce)),
    cancel: ({ fingerprint, generation, nonce }: TaskHandle): Promise<RenderView | null> =>
      again(() => stubOf(fingerprint).cancel(generation, nonce)),
    addWebhook: async (fingerprint: string, webhook: WebhookRecord): Promise<void> => {
      await again(() => stubOf(fingerprint).addWebhook(webhook));
    },
  };
}

async function again<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (thrown) {
      if (attempt >= tries) throw thrown;
      await scheduler.wait(50 * attempt);
    }
  }
}
