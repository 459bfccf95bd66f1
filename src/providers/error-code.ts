import type { RefusalReason } from '../core/provider';

/** What an error's code says: why nothing was sold, or that the picture was made and is kept back. */
export type CodeMeaning = RefusalReason | 'withheld';

/**
 * What the codes of an error mean, however they are written; the first that is known counts. Those of moderation are
 * documented by none of the vendors that resell this model: they are what APIs of their shape send, and BFL's own.
 */
export function meaningOf(codes: readonly unknown[]): CodeMeaning | null {
  for (const code of codes) {
    const meant = typeof code === 'string' ? meanings.get(normalised(code)) : undefined;
    if (meant !== undefined) return meant;
  }
  return null;
}

/** Why nothing was sold; null where the codes say nothing, or something else. */
export function reasonOf(codes: readonly unknown[]): RefusalReason | null {
  const meant = meaningOf(codes);
  return meant === 'withheld' ? null : meant;
}

const normalised = (code: string) =>
  code
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const meanings: ReadonlyMap<string, CodeMeaning> = new Map([
  ...meaning('credentials', 'authentication_error invalid_api_key invalid_auth_token unauthenticated unauthorized'),
  ...meaning('credit', 'insufficient_credits insufficient_credit insufficient_balance insufficient_funds'),
  ...meaning('credit', 'insufficient_quota payment_required'),
  ...meaning('busy', 'rate_limit_error rate_limit_exceeded rate_limited too_many_requests'),
  ...meaning('moderated', 'content_policy_violation content_filter moderation_blocked request_moderated'),
  // Nothing that the caller could change: a model that is gone, or the vendor's own trouble.
  ...meaning('unavailable', 'model_not_found unsupported_model not_found server_error service_unavailable'),
  ...meaning('withheld', 'content_moderated output_moderated'),
]);

function meaning(meant: CodeMeaning, codes: string): [string, CodeMeaning][] {
  return codes.split(' ').map((code) => [code, meant]);
}
