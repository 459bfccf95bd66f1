/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

/** What to make. All but the prompt may be left out. */
export interface PictureFields {
  /** What to show: 1 to 32000 characters, or FLUX.2's structured prompt as a JSON object. */
  readonly prompt: string | { readonly [name: string]: unknown };
  /** Enrich the prompt before rendering. `true` where absent. */
  readonly promptUpsampling?: boolean;
  /** The same seed and parameters are the same picture. Absent, null or -1: one is drawn and told. -1 to 4294967295. */
  readonly seed?: number;
  /** The width of the picture in pixels. 0 or absent: as the first reference, or 1024. 64 to 4096. */
  readonly width?: number;
  /** The height of the picture in pixels. 0 or absent: as the first reference, or 1024. 64 to 4096. */
  readonly height?: number;
  /** At one megapixel, such as "16:9"; a width or height wins. */
  readonly aspectRatio?: string;
  /** How closely to follow the prompt. 1.5 to 10. `5` where absent. */
  readonly guidance?: number;
  /** Inference steps: more is finer and slower. 1 to 50. `50` where absent. */
  readonly steps?: number;
  /** 0 is strictest. 0 to 5. `2` where absent. */
  readonly safetyTolerance?: number;
  /** Told by POST when the task has ended; signed. */
  readonly webhookUrl?: string;
  /** Signs the webhook. */
  readonly webhookSecret?: string;
  /** The file format. `jpeg` where absent. */
  readonly format?: 'jpeg' | 'png' | 'webp';
}

/** Who is to make it. */
export interface OrderPreference {
  /** This provider and no other. */
  readonly provider?: string;
  /** The caller’s own key of that provider. At most 1024 characters. */
  readonly providerKey?: string;
  /** `nearest` takes what comes closest where no provider makes exactly this. */
  readonly fit?: 'exact' | 'nearest';
}

export interface RenditionFields {
  /** `jpeg` where absent. */
  readonly format?: 'png' | 'jpeg' | 'webp' | 'avif';
  /** Pixels; taken as the next step of the ladder up. Never enlarges. 16 to 4096. */
  readonly width?: number;
  /** The same of the height. 16 to 4096. */
  readonly height?: number;
  /** How a box of both is filled: cut to it (cover), or within it (contain, scale-down). */
  readonly fit?: 'cover' | 'contain' | 'scale-down';
  /** Taken as the next step of its ladder up. Not for PNG. 1 to 100. */
  readonly quality?: number;
  /** Has it downloaded, under this name. At most 200 characters. */
  readonly download?: string;
}

export interface LinkFields {
  /** `jpeg` where absent. */
  readonly format?: 'png' | 'jpeg' | 'webp' | 'avif';
  /** Shown so many pixels wide, from the ladder of sizes: `width` is how wide it is made. 16 to 4096. */
  readonly w?: number;
  /** While the picture is being made: wait for it, show a stand-in, or say so with a 202. `wait` where absent. */
  readonly onMiss?: '202' | 'wait' | 'placeholder';
  /** Where there is none: a true status, or a stand-in. `status` where absent. */
  readonly onFail?: 'status' | 'placeholder';
}
