import type { FaultRecord } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import type { TaskStatus } from '../core/task';
import type { PictureFacts } from '../storage/recipe';
import type { Ending, RenderRecord } from './render-record';

/** What a Render object tells a task of itself: plain data, for RPC. Times are milliseconds since 1970. */
export interface RenderView {
  readonly generation: number;
  readonly status: TaskStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly request: ImageRequest;
  readonly provider: string | null;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly fault: FaultRecord | null;
  /** Of the picture that was stored just now; absent where the store is to be asked. */
  readonly facts?: PictureFacts;
}

/** The render as a task of attempt `generation` sees it that left it, or did not; null when it is not known here. */
export function viewOf(record: RenderRecord, generation: number, hasLeft: boolean): RenderView | null {
  const { quotedMicros } = record.buyer;
  const view = { generation, request: record.request, quotedMicros };
  if (generation !== record.generation) {
    const past = record.past.find((candidate) => candidate.generation === generation);
    return past === undefined ? null : { ...view, ...ended(past.ending, record, hasLeft), startedAt: generation };
  }
  const { phase } = record;
  switch (phase.name) {
    case 'queued':
      return { ...view, ...open(record, hasLeft, 'queued', null), startedAt: null };
    case 'submitting':
    case 'following':
    case 'collecting':
      return { ...view, ...open(record, hasLeft, 'rendering', phase.provider), startedAt: generation };
    case 'settling':
      if (phase.tries > 0) return { ...view, ...ended(phase.ending, record, hasLeft), startedAt: generation };
      return { ...view, ...open(record, hasLeft, 'rendering', phase.ending.provider), startedAt: generation };
    case 'ended':
      return { ...view, ...ended(phase.ending, record, hasLeft), ...factsOf(phase.ending), startedAt: generation };
  }
}

type Changing = Pick<RenderView, 'status' | 'progress' | 'provider' | 'actualMicros' | 'endedAt' | 'fault'>;

function open(record: RenderRecord, hasLeft: boolean, status: TaskStatus, provider: string | null): Changing {
  return {
    status: hasLeft ? 'cancelled' : status,
    progress: record.progress,
    provider,
    actualMicros: null,
    endedAt: null,
    fault: hasLeft ? cancelledFault : null,
  };
}

function ended(ending: Ending, record: RenderRecord, hasLeft: boolean): Changing {
  const isCancelled = hasLeft || ending.outcome === 'cancelled';
  const status = isCancelled ? 'cancelled' : ending.outcome === 'ready' ? 'ready' : 'failed';
  return {
    status,
    progress: status === 'ready' ? 1 : record.progress,
    provider: ending.provider,
    actualMicros: ending.charge,
    endedAt: ending.endedAt,
    fault: isCancelled ? cancelledFault : ending.fault,
  };
}

/** Of this attempt alone: what an earlier one stored may have been removed since. */
function factsOf({ facts }: Ending): Pick<RenderView, 'facts'> {
  return facts === undefined ? {} : { facts };
}

const cancelledFault: FaultRecord = { code: 'cancelled', message: 'The task was cancelled before it finished.' };
