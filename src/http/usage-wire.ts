import type { UsageDimension, WireFigures, WireGroup } from '../core/wire/usage';
import type { UsageFigures, UsageGroup } from '../storage/usage-reports';

/** A group as it is sent: its names, then its figures. */
export function wireGroup(group: UsageGroup, dimensions: readonly UsageDimension[]): WireGroup {
  const names = dimensions.map((dimension) => [dimension, group[dimension] ?? null]);
  return { ...Object.fromEntries(names), ...wireFigures(group) };
}

/**
 * Figures as they are sent. `drift_micros` is what vendors charged for pictures beyond their quotes: `compared_micros`
 * less `compared_quoted_micros`.
 */
export function wireFigures(figures: UsageFigures): WireFigures {
  return {
    purchases: figures.purchases,
    pictures: figures.pictures,
    failures: figures.failures,
    spent_micros: figures.spentMicros,
    quoted_micros: figures.quotedMicros,
    reported_purchases: figures.reported,
    reported_micros: figures.reportedMicros,
    drift_micros: figures.driftMicros,
    hits: figures.hits,
    joins: figures.joins,
    saved_micros: figures.savedMicros,
    charged_micros: figures.chargedMicros,
    average_seconds: figures.attempts === 0 ? null : Math.round(figures.durationMs / figures.attempts) / 1000,
    compared_pictures: figures.compared,
    compared_quoted_micros: figures.comparedQuotedMicros,
    compared_micros: figures.comparedMicros,
    unreported_quoted_micros: figures.unreportedQuotedMicros,
  };
}

export function sumOfGroups(groups: readonly UsageFigures[]): UsageFigures {
  const sum = (name: keyof UsageFigures) => groups.reduce((total, group) => total + group[name], 0);
  return {
    purchases: sum('purchases'),
    pictures: sum('pictures'),
    failures: sum('failures'),
    spentMicros: sum('spentMicros'),
    quotedMicros: sum('quotedMicros'),
    reported: sum('reported'),
    reportedMicros: sum('reportedMicros'),
    driftMicros: sum('driftMicros'),
    hits: sum('hits'),
    joins: sum('joins'),
    savedMicros: sum('savedMicros'),
    chargedMicros: sum('chargedMicros'),
    attempts: sum('attempts'),
    durationMs: sum('durationMs'),
    compared: sum('compared'),
    comparedQuotedMicros: sum('comparedQuotedMicros'),
    comparedMicros: sum('comparedMicros'),
    unreportedQuotedMicros: sum('unreportedQuotedMicros'),
  };
}
