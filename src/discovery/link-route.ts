import * as z from 'zod';
import { limits } from '../core/image-request';
import { linkSettings } from '../core/picture-link';
import type { OwnRoute } from './own-route';

const { steps, guidance, safetyTolerance, edgePixels, promptCharacters } = limits;
const edge = z.int().min(edgePixels.min).max(edgePixels.max);

/** `/i/{slug}.{format}` as the documents tell it. It takes no key, but a signature: docs/links.md says over what. */
export const linkRoute: OwnRoute = {
  method: 'GET',
  path: '/i/:slug.:format',
  tag: 'link',
  summary: 'The picture that a signed link asks for, made at its first look',
  answer: 'image/webp',
  query: z.object({
    prompt: z.string().max(promptCharacters).describe('What to show.'),
    key: z.string().describe('The id of the link key that signed it.'),
    sig: z.string().length(43).describe('HMAC-SHA-256 over the name and all other parameters, in base64url.'),
    seed: z.int().min(-1).max(4_294_967_295).optional().describe("The prompt's own where absent."),
    width: edge.optional(),
    height: edge.optional(),
    aspect_ratio: z.string().optional().describe('At one megapixel, such as 16:9.'),
    steps: z.int().min(steps.min).max(steps.max).optional(),
    guidance: z.number().min(guidance.min).max(guidance.max).optional(),
    safety_tolerance: z.int().min(safetyTolerance.min).max(safetyTolerance.max).optional(),
    prompt_upsampling: z.boolean().optional(),
    input_image: z.url().optional().describe('A reference; more of them are input_image_2 to input_image_8.'),
    ...linkSettings,
  }),
};
