export { type Client, createClient, type EditOptions, type TaskHandle } from './client';
export { type ErrorIssue, FluxgateError } from './fluxgate-error';
export type { GenerateOptions, WaitOptions } from './generate';
export type { JsonPrompt, PictureOptions, PictureOrder, ReferenceInput } from './order';
export type { Picture } from './picture';
export type { PictureUrlOptions } from './picture-url';
export type {
  Account,
  AccountLimits,
  ApiKey,
  Balance,
  KeyLimits,
  ListedTask,
  Page,
  Quote,
  TasksQuery,
  Usage,
  UsageFigures,
  UsageGroup,
  UsageQuery,
} from './reports';
export type { LinkOptions, LinkSigner } from './signed-link';
export type { PictureSource, TaskState, TaskStatus } from './task-state';
export type { ClientOptions } from './transport';
