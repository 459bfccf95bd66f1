import type { JsonObject } from '../site-facts';

export const formats = ['png', 'jpeg', 'webp', 'avif'] as const;
export type Format = (typeof formats)[number];

/** A picture as the workbench has it: every setting explicit, so that any dialect is asked for the very same one. */
export interface PictureSettings {
  readonly prompt: string | JsonObject;
  /** URLs. */
  readonly references: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly promptUpsampling: boolean;
  readonly safetyTolerance: number;
  readonly format: Format;
  readonly quality: number;
}
