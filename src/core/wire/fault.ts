import * as z from 'zod';
import { type FaultCode, faultTable } from '../fault';

const faultCodes = Object.keys(faultTable) as FaultCode[];

export const issueSchema = z
  .object({
    field: z.string().describe("The field's dotted name."),
    message: z.string().describe('A sentence that says what is accepted.'),
  })
  .describe('One thing that is wrong with a request.');

/** A fault as our own API words it. */
export const faultSchema = z
  .object({
    code: z.enum(faultCodes).describe('Decide by this, never by the message.'),
    message: z.string(),
    retryable: z.boolean().describe('Whether the same request may succeed later, unchanged.'),
    issues: z.array(issueSchema).readonly(),
    task: z.string().exactOptional().describe('The task that goes on although the request ended.'),
  })
  .describe('An error as our own API words it.');
export type WireFault = z.output<typeof faultSchema>;
