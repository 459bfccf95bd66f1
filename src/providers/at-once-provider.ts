import type { ImageRequest } from '../core/image-request';
import type { Provider, ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { collectSold } from './sold-picture';

/** Buys a picture by one call, whose answer brings it. */
type Purchase = (request: ImageRequest, context: ProviderContext, settings: ProviderSettings) => Promise<Submission>;

/** A vendor that answers a purchase with the picture: there is no task to ask about, and none to cancel. */
export function atOnceProvider(
  vendor: Pick<Provider, 'id' | 'title' | 'capability'>,
  submit: Purchase,
): ProviderEntry['create'] {
  const { title } = vendor;
  return (settings) => ({
    ...vendor,
    isSandbox: false,
    submit: (request, context) => submit(request, context, settings),
    check: () => Promise.reject(new Error(`${title} has no tasks to ask about.`)),
    collect: (output, _request, context) => collectSold(output, { title, settings, context }),
    cancel: null,
  });
}
