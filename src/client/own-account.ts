import type { PageQuery, Purge } from './administration';
import type { Page } from './page';
import type { ListedKey } from './reports';
import { type ClientOptions, createTransport } from './transport';

/** What {@link createOwnAccount} makes. */
export type OwnAccount = ReturnType<typeof createOwnAccount>;

/**
 * What an account does with its own keys and pictures. It needs a secret key: never one that stands in a web page.
 */
export function createOwnAccount(options: ClientOptions) {
  const { read } = createTransport(options);
  return {
    /** A page of the account's keys, the newest first, without their secrets. */
    keys: (query?: PageQuery) => read<Page<ListedKey>>('/v1/keys', { query }),
    /** Deletes a picture that the account bought, and all that was made of it. */
    purge: (fingerprint: string) =>
      read<Purge>(`/v1/pictures/${encodeURIComponent(fingerprint)}`, { method: 'DELETE' }),
  };
}
