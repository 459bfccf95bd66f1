import type { ProviderEntry } from '../core/provider';

/** Every API that we can buy from. A new one is its file and its line here. */
export const providerEntries: readonly ProviderEntry[] = [];
