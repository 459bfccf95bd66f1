import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { Letter } from './mailbox.ts';

/** How far the clocks may differ, by the same page. */
const toleranceSeconds = 300;

/**
 * Verifies a webhook as fal documents it, with Node's own cryptography: an Ed25519 signature by any of the keys over
 * request id, user id, timestamp and the digest of the body. Source: https://docs.fal.ai/model-endpoints/webhooks
 */
export function isSignedByFal({ headers, body }: Letter, keys: readonly JsonWebKey[]): boolean {
  const [requestId, userId, timestamp, signature] = ['request-id', 'user-id', 'timestamp', 'signature'].map(
    (name) => headers[`x-fal-webhook-${name}`] ?? '',
  );
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const digest = createHash('sha256').update(body).digest('hex');
  const message = Buffer.from([requestId, userId, timestamp, digest].join('\n'));
  return keys.some((key) =>
    verify(null, message, createPublicKey({ key, format: 'jwk' }), Buffer.from(signature ?? '', 'hex')),
  );
}
