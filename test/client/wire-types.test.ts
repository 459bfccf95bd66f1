import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type * as administration from '../../src/client/administration';
import { FluxgateError } from '../../src/client/fluxgate-error';
import type { OrderPreference, PictureFields, RenditionFields } from '../../src/client/picture-fields';
import type * as quotes from '../../src/client/quote';
import type * as reports from '../../src/client/reports';
import type * as states from '../../src/client/task-state';
import { type FaultCode, faultTable } from '../../src/core/fault';
import type { Fit, Format } from '../../src/core/rendition';
import type * as account from '../../src/core/wire/account';
import type * as told from '../../src/core/wire/administration';
import type * as key from '../../src/core/wire/api-key';
import type * as balance from '../../src/core/wire/balance';
import type * as credit from '../../src/core/wire/credit';
import type * as quote from '../../src/core/wire/quote';
import type * as task from '../../src/core/wire/task';
import type * as usage from '../../src/core/wire/usage';
import type { BflBody } from '../../src/dialects/bfl-schema';
import type { newAccountSchema } from '../../src/http/admin/wire-account';
import type { newKeySchema } from '../../src/http/wire-key';

/** `snake_case` as the client has it. */
type Camel<Text> = Text extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Text;
/** Values that are a caller's own. */
type Open = 'prompt' | 'details';
/** A type by its members, their names as the client has them: intersections are one, and `undefined` says nothing. */
type Plain<Value> = Value extends readonly (infer Member)[]
  ? { readonly list: Plain<Member> }
  : Value extends object
    ? {
        readonly [Name in keyof Value as Camel<Name>]-?: readonly [
          object extends Pick<Value, Name> ? 'may' : 'must',
          Name extends Open ? unknown : Plain<Exclude<Value[Name], undefined>>,
        ];
      }
    : Value;
type IsSame<One, Other> =
  (<Value>() => Value extends Plain<One> ? 1 : 2) extends <Value>() => Value extends Plain<Other> ? 1 : 2
    ? true
    : false;

/** Does not compile where a type of the client is not its schema's, in one way or the other. */
function same<Client, Schema>(_: IsSame<Client, Schema>): void {}

/** Fields of BFL's body that the client has under the same name; null there is absence here. */
type Ordered = Exclude<keyof PictureFields, 'prompt' | 'format'>;
type Snake<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : Text;
type BflFields = { readonly [Name in Ordered]?: NonNullable<BflBody[Snake<Name>]> };

describe("the client's types", () => {
  it('are those of the schemas: else this file does not compile', () => {
    same<states.TaskState, task.WireTask>(true);
    same<states.TaskPicture, task.WirePicture>(true);
    same<states.ListedTask, task.WireListedTask>(true);
    same<states.TasksQuery, z.input<typeof task.tasksQuerySchema>>(true);
    same<quotes.Quote, quote.WireQuote>(true);
    same<reports.Usage, usage.WireUsage>(true);
    same<reports.UsageGroup, usage.UsageDimension>(true);
    same<Omit<reports.UsageQuery, 'group'>, Omit<z.input<typeof usage.usageQuerySchema>, 'group' | 'format'>>(true);
    same<reports.Balance, balance.WireBalance>(true);
    same<reports.Account, account.WireAccount>(true);
    same<reports.ApiKey, key.WireKey>(true);
    same<reports.ListedKey, key.WireListedKey>(true);
    same<administration.NewAccount, z.input<typeof newAccountSchema>>(true);
    same<Omit<administration.NewKey, 'dialects'>, Omit<z.input<ReturnType<typeof newKeySchema>>, 'dialects'>>(true);
    same<administration.NewCredit, z.input<typeof credit.creditFieldsSchema>>(true);
    same<administration.CreditBooking, credit.WireCreditBooking>(true);
    same<administration.Purge, told.WirePurge>(true);
    same<administration.Rerender, told.WireRerender>(true);
    same<administration.Reconciliation, told.WireReconciliation>(true);
    same<administration.Restoration, told.WireRestoration>(true);
    same<administration.AuditEntry, told.WireAuditEntry>(true);
    same<Pick<PictureFields, Ordered>, BflFields>(true);
    same<PictureFields['format'], BflBody['output_format'] | undefined>(true);
    same<Pick<RenditionFields, 'format' | 'fit'>, { readonly format?: Format; readonly fit?: Fit }>(true);
    same<OrderPreference['fit'], 'exact' | 'nearest' | undefined>(true);
    // What is not the same does not compile, or all of the above would say nothing.
    same<states.TaskState, Omit<task.WireTask, 'urls'>>(false);
    same<{ readonly one: string }, { readonly one?: string }>(false);
    same<{ readonly kind: 'a' }, { readonly kind: 'a' | 'b' }>(false);
  });

  it.each(Object.entries(faultTable))('know of %s whether it is worth a second try', (code, { isRetryable }) => {
    const error = new FluxgateError({ code: code as FaultCode, message: 'So it is.' });
    expect(error.isRetryable).toBe(isRetryable);
  });
});
