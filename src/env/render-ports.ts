import { guardedFetch } from '../core/guarded-fetch';
import { webhookMessage } from '../dialects/registry';
import { deliverWebhook, type WebhookSender } from '../pipeline/deliver-webhook';
import type { RenderPorts } from '../renders/render-ports';
import { purchasesOf, storedRenderOf } from '../renders/settlement';
import type { PictureStore } from '../storage/picture-store';
import type { Signatures } from '../storage/signatures';
import { storePicture } from '../storage/store-picture';
import type { Config } from './config';
import type { Service } from './service';

/** What a Render object may touch, made of the service's parts. */
export function renderPortsFor(service: Service): RenderPorts {
  const { config, ports, market, references, pictures, ledger, signatures } = service;
  const sender = webhookSender(config, signatures);
  return {
    offers: (request, plan) =>
      market.offers(request, {
        provider: plan.provider,
        bringsKey: plan.sealedKey !== null,
        allowsNearest: false,
      }),
    provider: (id, plan) => market.provider(id, plan.sealedKey),
    gate: market.gate,
    context: {
      fetch: (url, init) => fetch(url, init),
      readReference: (reference) => references.bytes(reference),
      readThumbnail: (reference) => service.renditions.thumbnail(() => references.bytes(reference)),
      now: () => Date.now(),
    },
    deadlineMs: config.RENDER_DEADLINE_SECONDS * 1000,
    rebuysUnknown: config.ON_UNKNOWN === 'rebuy',
    draw: () => Math.random(),
    isStored: async (fingerprint) => (await pictures.facts(fingerprint)) !== null,
    store: (delivered) => storeDelivered(pictures, delivered),
    settle: async ({ record, ending }) => {
      const task = await ports.taskIds.seal(record.handle);
      const purchases = purchasesOf(record, ending, task);
      await ledger.record(purchases, storedRenderOf(record, ending));
    },
    tell: (record, view) => deliverWebhook(ports, sender, { record, view }),
    log,
  };
}

function storeDelivered(
  pictures: PictureStore,
  { record, provider, charge, bytes }: Parameters<RenderPorts['store']>[0],
) {
  return storePicture(pictures, {
    fingerprint: record.fingerprint,
    request: record.request,
    bytes,
    provider: provider.id,
    isSandbox: provider.isSandbox,
    quotedMicros: record.buyer.quotedMicros,
    actualMicros: charge,
    startedAt: record.generation,
    endedAt: Date.now(),
  });
}

function webhookSender(config: Config, signatures: Signatures): WebhookSender {
  const limits = {
    trustedOrigins: config.TRUSTED_ORIGINS,
    timeoutMs: 15_000,
    maximumBytes: 64 * 1024,
    maximumRedirects: 0,
  };
  return {
    message: webhookMessage,
    accountSecret: (accountId) => signatures.webhookSecret(accountId),
    falHeaders: (about) => signatures.falHeaders(about),
    post: async (url, headers, body) => {
      const call = { url, method: 'POST', headers, body };
      return (await guardedFetch((input, init) => fetch(input, init), call, limits)).status;
    },
    log,
  };
}

function log(event: string, facts: Readonly<Record<string, unknown>>): void {
  console.warn(JSON.stringify({ event, ...facts }));
}
