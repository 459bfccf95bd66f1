import { fingerprint as fingerprintOf } from '../../src/core/fingerprint';
import { squareMegapixel } from '../../src/core/price';
import { type AccountLimits, type Allowance, withoutLimits } from '../../src/core/spending';
import type { JoinRequest } from '../../src/renders/render-ports';

const drawNonce = () => crypto.getRandomValues(new Uint8Array(7)).toHex();

/** What an order of an account asks the Render object of a prompt's picture, with what a test wants to be different. */
export async function joinRequest(
  accountId: string,
  prompt: string,
  changes: {
    readonly order?: string;
    readonly joinPriceMicros?: number;
    readonly limit?: Partial<AccountLimits>;
    readonly allowances?: readonly Allowance[];
  } = {},
): Promise<JoinRequest> {
  const { order = null, joinPriceMicros = 0, limit, allowances = [] } = changes;
  const request = { ...squareMegapixel, prompt, width: 64, height: 64, steps: 4 };
  const [fingerprint, nonce] = [await fingerprintOf(request), drawNonce()];
  const limits = { ...withoutLimits, ...limit };
  const delivery = { format: 'png' as const, quality: null, size: { width: 64, height: 64 } };
  const handle = { generation: 0, createdAt: Date.now(), source: 'hit' as const, ...delivery };
  return {
    ...{ fingerprint, request, isRetry: false, joinPriceMicros },
    buyer: { accountId, keyId: null, dialect: 'bfl', nonce, quotedMicros: 50_000, order },
    handle: { fingerprint, nonce, accountTag: 'a'.repeat(16), ...handle },
    spending: { limits, allowances, order: { id: nonce, pictures: 1 }, drawn: null },
    plan: { provider: null, sealedKey: null },
  };
}
