import { Fault } from '../core/fault';

/** What is told in the headers of a refusal; the limits themselves are the bindings' of wrangler.toml. */
export const visitorRates = {
  /** Pictures, by lasting and by temporary URLs. */
  public: { limit: 1_200, windowSeconds: 60 },
  /** Requests to an API that bring no key, or none that we know. */
  keyless: { limit: 120, windowSeconds: 60 },
  /** Signed links whose picture is not stored, by the account that they spend from. */
  link: { limit: 600, windowSeconds: 60 },
} as const;
export type VisitorRate = keyof typeof visitorRates;

/** Counts those whose key we do not know, by their address. */
export interface Visitors {
  /** Counts one request of a client, and tells whether it is one too many. Never throws. */
  isWithin(rate: VisitorRate, client: string): Promise<boolean>;
}

/** What a visitor is told that comes too often. */
export function tooFast(rate: VisitorRate): Fault {
  const { limit, windowSeconds } = visitorRates[rate];
  const whose = rate === 'link' ? 'new pictures by links of this account' : 'requests without a key from this address';
  const message = `Too many ${whose}: at most ${limit} in ${windowSeconds} seconds.`;
  const rateLimit = { limit, windowSeconds, remaining: 0, resetSeconds: windowSeconds };
  return new Fault('rate_limited', message, { retryAfterSeconds: windowSeconds, rateLimit });
}
