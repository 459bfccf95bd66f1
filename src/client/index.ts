export { type Client, createClient, type EditOptions, type TaskHandle } from './client';
export { type ErrorCode, FluxgateError } from './fluxgate-error';
export type { GenerateOptions, WaitOptions } from './generate';
export type { JsonPrompt, PictureOptions, PictureOrder, ReferenceInput } from './order';
export type { Page } from './page';
export type { Picture } from './picture';
export type { PictureUrlOptions } from './picture-url';
export type { Quote, QuotedPicture } from './quote';
export type {
  Account,
  AccountLimits,
  ApiKey,
  Balance,
  Budget,
  KeyLimits,
  Usage,
  UsageFigures,
  UsageGroup,
  UsageQuery,
} from './reports';
export type { LinkOptions, LinkSigner } from './signed-link';
export type {
  Determinism,
  ErrorIssue,
  ListedTask,
  PictureSource,
  TaskCost,
  TaskPicture,
  TaskState,
  TaskStatus,
  TasksQuery,
  WireError,
} from './task-state';
export type { ClientOptions } from './transport';
