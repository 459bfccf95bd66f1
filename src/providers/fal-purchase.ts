import * as z from 'zod';
import { type ImageRequest, promptText } from '../core/image-request';
import { isJsonObject } from '../core/json';
import type { RefusalReason } from '../core/provider';
import { renderSize } from '../core/size';
import { lenientText, vendorMessage } from './bfl-answer';
import type { VendorAnswer } from './vendor-call';

/** What an answer to a purchase names. */
export interface AcceptedRequest {
  readonly id: string;
  readonly statusUrl: string | null;
  readonly resultUrl: string | null;
  readonly cancelUrl: string | null;
}

/** The body of a purchase: https://fal.ai/models/fal-ai/flux-2-flex/api, with every parameter said. */
export function falInput(request: ImageRequest, imageUrls: readonly string[]) {
  const { width, height } = renderSize(request);
  return {
    prompt: promptText(request.prompt),
    image_size: { width, height },
    num_inference_steps: request.steps,
    guidance_scale: request.guidance,
    seed: request.seed,
    safety_tolerance: String(request.safetyTolerance),
    enable_safety_checker: true,
    enable_prompt_expansion: request.promptUpsampling,
    output_format: 'png',
    sync_mode: false,
    ...(imageUrls.length === 0 ? {} : { image_urls: imageUrls }),
  };
}

/** Reads the answer to a purchase; null when it names no request. */
export function acceptedRequest({ json }: VendorAnswer): AcceptedRequest | null {
  const { request_id, status_url, response_url, cancel_url } = acceptedSchema.parse(isJsonObject(json) ? json : {});
  if (request_id === null || request_id === '') return null;
  return { id: request_id, statusUrl: status_url, resultUrl: response_url, cancelUrl: cancel_url };
}

/** The words of an error in fal's own shape, of which `detail` is always there. */
export function falMessage(json: unknown): string | null {
  return isJsonObject(json) && json.detail !== undefined ? vendorMessage(json) : null;
}

/** Why fal refused, where its HTTP status says something else: an empty balance is a 403 that nothing but words tells. */
export function falRefusal({ status, json }: VendorAnswer): RefusalReason | null {
  const detail = isJsonObject(json) ? json.detail : null;
  if (status === 403 && typeof detail === 'string' && /\bexhausted balance\b|\btop.?up\b/i.test(detail))
    return 'credit';
  const issues = Array.isArray(detail) ? detail.filter(isJsonObject) : [];
  return issues.some(({ type }) => type === 'content_policy_violation') ? 'moderated' : null;
}

const acceptedSchema = z.object({
  request_id: lenientText,
  status_url: lenientText,
  response_url: lenientText,
  cancel_url: lenientText,
});
