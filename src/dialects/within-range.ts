/** A number as near to what was sent as the model goes, and a sentence for the caller where that is not the same. */
export function withinRange(
  field: string,
  sent: number,
  { min, max }: { readonly min: number; readonly max: number },
): { readonly value: number; readonly notes: readonly string[] } {
  const value = Math.min(max, Math.max(min, sent));
  const notes = value === sent ? [] : [`${field}: ${sent} was taken as ${value}, as far as the model goes.`];
  return { value, notes };
}

/** What encoders of JPEG and WebP take. */
export const qualityRange = { min: 1, max: 100 } as const;
