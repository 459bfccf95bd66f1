import * as z from 'zod';

/** A time on the wire. */
export const time = z.iso.datetime().describe('ISO 8601.');
export const fingerprint = z.string().describe('The SHA-256 of what was ordered: it names the picture.');
/** The same, as callers send it. */
export const sentFingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'expected a fingerprint: 64 digits 0-9a-f.');
export const micros = z.int().describe('Millionths of a dollar.');
export const megapixels = z.number();

/** An instant as our own routes write it. */
export function isoTime(milliseconds: number): string;
export function isoTime(milliseconds: number | null): string | null;
export function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
