import { dialects } from '../src/dialects/registry';
import { parameterTable } from '../src/discovery/parameter-table';
import { providerTable } from '../src/discovery/provider-table';
import { providerEntries } from '../src/providers/registry';
import { clientTypes } from './client-types';

/** The documents, and the client's types, that are made from the code, by their path. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'docs/parameters.md': parameterTable(dialects),
    'docs/providers.md': providerTable(providerEntries),
    ...clientTypes(),
  };
}
