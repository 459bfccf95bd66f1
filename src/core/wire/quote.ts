import * as z from 'zod';
import { shownRecipeSchema } from './recipe';
import { fingerprint, micros } from './values';

const parametersSchema = shownRecipeSchema
  .extend({ references: z.array(z.string()).readonly().describe('The SHA-256 of each.') })
  .describe('The order with every default filled in.');

export const quotedPictureSchema = z.object({
  fingerprint,
  stored: z.boolean().describe('Whether it is there already: then its price is that of a hit.'),
  provider: z.string().nullable(),
  price_micros: micros,
  hit_micros: micros.describe('What it costs to order it again once it is stored, in another format too.'),
  changes: z.array(z.string()).readonly().describe('What would be otherwise than ordered.'),
  parameters: parametersSchema,
});
export type WireQuotedPicture = z.output<typeof quotedPictureSchema>;

/** What `POST /v1/quote` answers. */
export const quoteSchema = z
  .object({
    object: z.literal('quote'),
    dialect: z.string(),
    total_micros: micros,
    pictures: z.array(quotedPictureSchema).readonly(),
  })
  .describe(
    'What `POST /v1/quote` answers: who would make the picture and at what price, if it is not stored already.',
  );
export type WireQuote = z.output<typeof quoteSchema>;
