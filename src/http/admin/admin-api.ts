import { accountSchema } from '../../core/wire/account';
import * as told from '../../core/wire/administration';
import { apiKeySchema, listedKeySchema } from '../../core/wire/api-key';
import { creditBookingSchema, creditEntrySchema, newCreditSchema } from '../../core/wire/credit';
import { listOf, type OwnRoute } from '../../discovery/own-route';
import { pageQuerySchema } from '../page';
import { reconcileQuerySchema } from '../reconcile-routes';
import { newKeySchema } from '../wire-key';
import { rotationSchema } from './keys';
import { rerenderOrderSchema } from './pictures';
import { restoreCursorSchema } from './restore';
import { accountChangeSchema, newAccountSchema } from './wire-account';

type AdminRoute = Omit<OwnRoute, 'tag'>;

/** What administrators can do, for the documentation. `dialects` are those that keys can be bound to. */
export function adminRoutesTold(dialects: readonly string[]): OwnRoute[] {
  const routes = [...accounts, ...keysFor(dialects), ...pictures, ...records];
  return routes.map((route) => ({ ...route, tag: 'admin' }));
}

const [all, one] = ['/v1/admin/accounts', '/v1/admin/accounts/:id'];
const query = pageQuerySchema;

const accounts: readonly AdminRoute[] = [
  { method: 'GET', path: all, summary: 'All accounts', query, answer: listOf(accountSchema) },
  {
    ...{ method: 'POST', path: all, summary: 'Open an account' },
    ...{ body: newAccountSchema, answer: accountSchema, status: 201 },
  },
  { method: 'GET', path: one, summary: 'An account and how it stands', answer: accountSchema },
  { method: 'PATCH', path: one, summary: 'Change an account', body: accountChangeSchema, answer: accountSchema },
  {
    ...{ method: 'GET', path: `${one}/credits`, summary: 'Money of an account that moved without a purchase' },
    ...{ query, answer: listOf(creditEntrySchema) },
  },
  {
    ...{ method: 'POST', path: `${one}/credits`, summary: 'Book a top-up, an adjustment or a refund' },
    ...{ body: newCreditSchema, isNamed: true, answer: creditBookingSchema, status: 201 },
  },
];

function keysFor(dialects: readonly string[]): AdminRoute[] {
  return [
    {
      ...{ method: 'GET', path: `${one}/keys`, summary: 'Keys of an account, and what they spent' },
      ...{ query, answer: listOf(listedKeySchema) },
    },
    {
      ...{ method: 'POST', path: `${one}/keys`, summary: 'Make a key, which is shown this once' },
      ...{ body: newKeySchema(dialects), answer: apiKeySchema, status: 201 },
    },
    {
      ...{ method: 'POST', path: '/v1/admin/keys/:id/rotate', summary: 'Make a key in the place of another' },
      ...{ body: rotationSchema, answer: apiKeySchema, status: 201 },
    },
    { method: 'DELETE', path: '/v1/admin/keys/:id', summary: 'End a key', answer: apiKeySchema },
  ];
}

const picture = '/v1/admin/pictures/:fingerprint';

const pictures: readonly AdminRoute[] = [
  {
    ...{ method: 'DELETE', path: picture, answer: told.purgeSchema },
    summary: 'Delete any picture for good: not while it is being made (409), nor one that never was (404)',
  },
  {
    ...{ method: 'POST', path: `${picture}/rerender`, summary: 'Make a picture again from its recipe' },
    ...{ body: rerenderOrderSchema, isNamed: true, answer: told.rerenderSchema },
  },
];

const records: readonly AdminRoute[] = [
  {
    ...{ method: 'GET', path: '/v1/admin/audit', summary: 'Who changed what, the newest first' },
    ...{ query, answer: listOf(told.auditEntrySchema) },
  },
  ...['accounts', 'pictures'].map((of): AdminRoute => {
    const summary = `Where records of ${of} that should agree do not; changes nothing`;
    const path = `/v1/admin/reconcile/${of}`;
    return { method: 'GET', path, summary, query: reconcileQuerySchema, answer: told.reconciliationSchema };
  }),
  ...['listing', 'accounts', 'missing'].map((of): AdminRoute => {
    const summary = `Put right what a lost database or bucket left behind (${of}); safe to repeat`;
    const path = `/v1/admin/restore/${of}`;
    return { method: 'POST', path, summary, body: restoreCursorSchema, answer: told.restorationSchema };
  }),
  { method: 'GET', path: '/metrics', summary: 'Figures of all accounts, for Prometheus', answer: 'text/plain' },
];
