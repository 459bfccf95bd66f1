import type { Dialect } from '../core/dialect';
import { accountSchema } from '../core/wire/account';
import { purgeSchema } from '../core/wire/administration';
import { apiKeySchema, listedKeySchema } from '../core/wire/api-key';
import { pinSchema } from '../core/wire/pin';
import { ownProviderSchema, providerKeySchema } from '../core/wire/provider';
import { quoteSchema } from '../core/wire/quote';
import { listedTaskSchema, tasksQuerySchema } from '../core/wire/task';
import { usageQuerySchema, usageSchema } from '../core/wire/usage';
import { linkRoute } from '../discovery/link-route';
import { listOf, type OwnRoute } from '../discovery/own-route';
import { webhookSecretSchema } from './account-routes';
import { adminRoutesTold } from './admin/admin-api';
import { pageQuerySchema } from './page';
import { pinPageSchema } from './pins';
import { newProviderKeySchema } from './provider-keys';
import { quotedBodySchema, quoteQuerySchema } from './quote';

type AccountRoute = Omit<OwnRoute, 'tag'>;

const withKey = accountSchema.extend({ key: apiKeySchema });

/** Every route that belongs to no dialect, for the documentation. */
export function ownRoutesTold(dialects: readonly Dialect[]): OwnRoute[] {
  const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
  const own = [...figures, ...holdings].map((route): OwnRoute => ({ ...route, tag: 'account' }));
  return [linkRoute, ...own, ...adminRoutesTold(makers.map(({ id }) => id))];
}

const figures: readonly AccountRoute[] = [
  { method: 'GET', path: '/v1/account', summary: 'Whose key this is, and what it may do', answer: withKey },
  { method: 'GET', path: '/v1/key', summary: 'What a key is itself, whatever it may do', answer: apiKeySchema },
  {
    ...{ method: 'GET', path: '/v1/keys', summary: "The account's keys and what they spent; needs a secret key" },
    ...{ query: pageQuerySchema, answer: listOf(listedKeySchema) },
  },
  {
    ...{ method: 'GET', path: '/v1/usage', summary: 'What was bought, hit, joined and saved' },
    ...{ query: usageQuerySchema, answer: usageSchema },
  },
  {
    ...{
      method: 'GET',
      path: '/v1/tasks',
      summary: 'What the account pays or paid for, the newest first; needs a secret key',
    },
    ...{ query: tasksQuerySchema, answer: listOf(listedTaskSchema) },
  },
  {
    ...{ method: 'POST', path: '/v1/quote', summary: 'What an order would cost, and who would make it; buys nothing' },
    ...{ query: quoteQuerySchema, body: quotedBodySchema, answer: quoteSchema },
  },
  {
    ...{ method: 'GET', path: '/v1/providers', summary: 'The providers, and how each is doing' },
    answer: listOf(ownProviderSchema),
  },
];

const pin = '/v1/pins/:fingerprint';
const providerKey = '/v1/provider-keys/:provider';

const holdings: readonly AccountRoute[] = [
  {
    ...{ method: 'DELETE', path: '/v1/pictures/:fingerprint', answer: purgeSchema },
    summary: 'Delete a picture for good that the account bought, not while it is being made; needs a secret key',
  },
  {
    ...{
      method: 'GET',
      path: '/v1/pins',
      summary: 'Pictures that the account keeps whatever the retention; needs a secret key',
    },
    ...{ query: pinPageSchema, answer: listOf(pinSchema) },
  },
  {
    method: 'PUT',
    path: pin,
    summary: 'Keep a picture that the account bought; needs a secret key',
    answer: pinSchema,
  },
  { method: 'DELETE', path: pin, summary: 'Keep a picture no longer; needs a secret key', answer: null, status: 204 },
  {
    ...{
      method: 'GET',
      path: '/v1/provider-keys',
      summary: 'Vendor keys of the account; none is shown. Needs a secret key',
    },
    answer: listOf(providerKeySchema),
  },
  {
    ...{ method: 'PUT', path: providerKey, summary: 'Store a vendor key of the account; needs a secret key' },
    ...{ body: newProviderKeySchema, answer: providerKeySchema, status: 201 },
  },
  {
    method: 'DELETE',
    path: providerKey,
    summary: 'Delete a vendor key of the account; needs a secret key',
    answer: null,
    status: 204,
  },
  {
    ...{
      method: 'GET',
      path: '/v1/webhooks/secret',
      summary: "What the account's webhooks are signed with; needs a secret key",
    },
    answer: webhookSecretSchema,
  },
];
