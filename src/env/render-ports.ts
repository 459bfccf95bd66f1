import { guardedFetch } from '../core/guarded-fetch';
import { webhookMessage } from '../dialects/registry';
import { deliverWebhook, type WebhookSender } from '../pipeline/deliver-webhook';
import type { RenderPorts } from '../renders/render-ports';
import { ReplacingStore } from '../storage/replacing-store';
import type { Signatures } from '../storage/signatures';
import { salvagePicture, storePicture, type Witnesses } from '../storage/store-picture';
import type { Config } from './config';
import { renderMoney } from './render-money';
import type { Service } from './service';

/** What a Render object may touch, made of the service's parts. */
export function renderPortsFor(service: Service): RenderPorts {
  const { config, ports, market, references, pictures, register, signatures } = service;
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
    storedFacts: (fingerprint) => pictures.facts(fingerprint),
    salvage: async ({ fingerprint, request, buyer, generation, replaces }) => {
      // Its place is taken in steps of their own, of which each may be done again.
      if (replaces !== undefined) return null;
      const made = { fingerprint, request, accountId: buyer.accountId, startedAt: generation };
      return await salvagePicture(pictures, made, register);
    },
    store: (delivered) => storeDelivered(service, delivered),
    ...renderMoney(service),
    tell: (record, view) => deliverWebhook(ports, sender, { record, view }),
    log,
  };
}

function storeDelivered(
  { pictures, administration, renditions, register }: Service,
  { record, provider, charge, bytes }: Parameters<RenderPorts['store']>[0],
) {
  const witnesses: Witnesses = {
    glimpse: (seen) => renditions.glimpse(seen),
    past: (fingerprint) => register.past(fingerprint),
  };
  const delivered = {
    fingerprint: record.fingerprint,
    request: record.request,
    accountId: record.buyer.accountId,
    bytes,
    provider: provider.id,
    isSandbox: provider.isSandbox,
    quotedMicros: record.buyer.quotedMicros,
    actualMicros: charge,
    startedAt: record.generation,
    endedAt: Date.now(),
  };
  return record.replaces === undefined
    ? storePicture(pictures, delivered, witnesses)
    : storePicture(new ReplacingStore(pictures, administration.files), delivered, witnesses);
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
    accountSecrets: (accountId) => signatures.webhookSecrets(accountId),
    falHeaders: (about) => signatures.falHeaders(about),
    post: async (url, headers, body) => {
      const call = { url, method: 'POST', headers, body };
      return (await guardedFetch((input, init) => fetch(input, init), call, limits)).status;
    },
    log,
  };
}

function log(event: string, facts: Readonly<Record<string, unknown>>, level: 'warning' | 'error' = 'warning'): void {
  const line = JSON.stringify({ event, ...facts });
  if (level === 'error') console.error(line);
  else console.warn(line);
}
