import type { KeyLimits } from '../../client/reports';
import { dollars } from '../money';

/** Limits as people read them; those that there are. */
export function limitWords(limits: KeyLimits): string[] {
  return [
    ...(limits.dayMicros === null ? [] : [`${dollars(limits.dayMicros)} a day`]),
    ...(limits.totalMicros === null ? [] : [`${dollars(limits.totalMicros)} in all`]),
    ...(limits.requestsPerMinute === null ? [] : [`${limits.requestsPerMinute} requests a minute`]),
    ...(limits.maximumSteps === null ? [] : [`${limits.maximumSteps} steps`]),
    ...(limits.maximumMegapixels === null ? [] : [`${limits.maximumMegapixels} MP`]),
  ];
}
