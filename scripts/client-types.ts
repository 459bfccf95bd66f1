import * as z from 'zod';
import { onFail, onMiss } from '../src/core/picture-link';
import { pictureOperations } from '../src/core/picture-query';
import { formats, qualityLadder, sizeLadder, sourceSetWidths } from '../src/core/rendition';
import { accountSchema, shownAccountLimitsSchema } from '../src/core/wire/account';
import * as administration from '../src/core/wire/administration';
import { apiKeySchema, listedKeySchema, shownKeyLimitsSchema } from '../src/core/wire/api-key';
import { balanceSchema, budgetSchema } from '../src/core/wire/balance';
import { creditBookingSchema, creditEntrySchema, creditFieldsSchema } from '../src/core/wire/credit';
import { faultSchema, issueSchema } from '../src/core/wire/fault';
import { quotedPictureSchema, quoteSchema } from '../src/core/wire/quote';
import { costSchema, listedTaskSchema, taskPictureSchema, taskSchema, tasksQuerySchema } from '../src/core/wire/task';
import { figuresSchema, usageDimensionSchema, usageQuerySchema, usageSchema } from '../src/core/wire/usage';
import { inputSchema, referenceFields } from '../src/dialects/bfl-schema';
import { dialects } from '../src/dialects/registry';
import { newAccountSchema } from '../src/http/admin/wire-account';
import { pageQuerySchema } from '../src/http/page';
import { preferenceSchema } from '../src/http/preference';
import { newKeySchema } from '../src/http/wire-key';
import { longestLine, type NamedSchema, typeText, wrapped } from './type-text';

const head = [
  '/**',
  ' * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be',
  ' * changed here. A test fails when it falls behind.',
  ' */',
].join('\n');

const reads = (name: string, schema: z.ZodType): NamedSchema => ({ name, schema, side: 'reads' });
const tells = (name: string, schema: z.ZodType): NamedSchema => ({ name, schema, side: 'tells' });

/** The client's types, one file for each of its subjects, by their path. */
export function clientTypes(): Readonly<Record<string, string>> {
  const files = {
    'picture-fields': typeText([
      reads('PictureFields', pictureFields()),
      reads('OrderPreference', preference()),
      reads('RenditionFields', renditionFields()),
      reads('LinkFields', linkFields()),
    ]),
    ladders: ladders(),
    'task-state': typeText(taskTypes),
    quote: typeText([tells('QuotedPicture', quotedPictureSchema), tells('Quote', quoteSchema)]),
    reports: typeText(reportTypes),
    administration: typeText(administrationTypes()),
  };
  const named = Object.entries(files).map(([name, text]) => [`src/client/${name}.ts`, `${head}\n\n${text}\n`]);
  return Object.fromEntries(named);
}

const taskTypes = [
  tells('ErrorIssue', issueSchema),
  tells('WireError', faultSchema),
  tells('TaskPicture', taskPictureSchema),
  tells('TaskCost', costSchema),
  tells('TaskStatus', taskSchema.shape.status),
  tells('PictureSource', taskSchema.shape.source),
  tells('Determinism', taskPictureSchema.shape.determinism),
  tells('TaskState', taskSchema),
  tells('ListedTask', listedTaskSchema),
  reads('TasksQuery', tasksQuerySchema),
];

const reportTypes = [
  tells('UsageGroup', usageDimensionSchema),
  reads('UsageQuery', usageQuery()),
  tells('UsageFigures', figuresSchema),
  tells('Usage', usageSchema),
  tells('Budget', budgetSchema),
  tells('Balance', balanceSchema),
  tells('AccountLimits', shownAccountLimitsSchema),
  tells('Account', accountSchema),
  tells('KeyLimits', shownKeyLimitsSchema),
  tells('ApiKey', apiKeySchema),
  tells('ListedKey', listedKeySchema),
];

function administrationTypes(): NamedSchema[] {
  const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
  const newKey = newKeySchema(makers.map(({ id }) => id));
  return [
    tells('DialectId', newKey.shape.dialects.unwrap().unwrap().element),
    reads('PageQuery', pageQuery()),
    reads('NewAccount', newAccountSchema),
    reads('NewKey', newKey),
    reads('NewCredit', creditFieldsSchema),
    tells('CreditEntry', creditEntrySchema),
    tells('CreditBooking', creditBookingSchema),
    tells('Purge', administration.purgeSchema),
    tells('Rerender', administration.rerenderSchema),
    tells('Difference', administration.differenceSchema),
    tells('Reconciliation', administration.reconciliationSchema),
    tells('Restoration', administration.restorationSchema),
    tells('AuditEntry', administration.auditEntrySchema),
  ];
}

/** A page's `next` is null at the end, and so is the cursor before the first. */
function pageQuery(): z.ZodType {
  const cursor = pageQuerySchema.shape.cursor.unwrap().nullish();
  return pageQuerySchema.extend({ cursor: cursor.describe('The `next` of an earlier page.') });
}

/** BFL's body, in which the client orders. References have names of their own there, and the format is but `format`. */
function pictureFields(): z.ZodType {
  const { output_format: format, ...shape } = inputSchema(['jpeg', 'png', 'webp']).shape;
  const fields = Object.entries(shape).filter(([name]) => !referenceFields.includes(name));
  return z
    .object({ ...Object.fromEntries(fields), format })
    .describe('What to make. All but the prompt may be left out.');
}

function preference(): z.ZodType {
  const { shape } = preferenceSchema;
  return z
    .object({
      provider: said(shape['x-fluxgate-provider']),
      provider_key: said(shape['x-provider-key']),
      fit: said(shape['x-fluxgate-fit']),
    })
    .describe('Who is to make it.');
}

/** A header that may be absent, and has no null. */
function said<Value extends z.ZodType>(header: z.ZodNullable<Value>): z.ZodType {
  return header
    .unwrap()
    .optional()
    .describe(header.description ?? '');
}

const [smallest = 0, largest = 0] = [sizeLadder[0], sizeLadder.at(-1)];
const edge = z.int().min(smallest).max(largest);

function renditionFields(): z.ZodType {
  const { fit, download } = pictureOperations;
  return z.object({
    format: z.enum(formats).default('jpeg'),
    width: edge.optional().describe('Pixels; taken as the next step of the ladder up. Never enlarges.'),
    height: edge.optional().describe('The same of the height.'),
    fit: fit.optional().describe('How a box of both is filled: cut to it (cover), or within it (contain, scale-down).'),
    quality: z
      .int()
      .min(1)
      .max(qualityLadder.at(-1) ?? 100)
      .optional()
      .describe('Taken as the next step of its ladder up. Not for PNG.'),
    download: download.optional(),
  });
}

function linkFields(): z.ZodType {
  return z.object({
    format: z.enum(formats).default('jpeg'),
    w: edge.optional().describe('Shown so many pixels wide, from the ladder of sizes: `width` is how wide it is made.'),
    on_miss: z
      .enum(onMiss)
      .default('wait')
      .describe('While the picture is being made: wait for it, show a stand-in, or say so with a 202.'),
    on_fail: z.enum(onFail).default('status').describe('Where there is none: a true status, or a stand-in.'),
  });
}

function usageQuery(): z.ZodType {
  const { group: _, format: __, ...fields } = usageQuerySchema.shape;
  const group = z.union([usageDimensionSchema, z.array(usageDimensionSchema)]).optional();
  return z.object({ ...fields, group: group.describe('What to tell apart, in this order.') });
}

function ladders(): string {
  const list = (name: string, says: string, numbers: readonly number[]) => {
    const line = `export const ${name}: readonly number[] = [${numbers.join(', ')}];`;
    const lines = `export const ${name}: readonly number[] = [\n${wrapped(`${numbers.join(', ')},`, '  ')}\n];`;
    return `/** ${says} */\n${line.length > longestLine ? lines : line}`;
  };
  return [
    list('sizeLadder', 'Widths and heights in which the service makes pictures for anybody.', sizeLadder),
    list('sourceSetWidths', 'Widths of a `srcset`.', sourceSetWidths),
  ].join('\n\n');
}
