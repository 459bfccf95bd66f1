import { useState } from 'hono/jsx/dom';
import type { FaultWords } from './fault-words';
import { ResultView } from './result-view';
import { useEffect } from './use-effect';
import { useInSight } from './use-in-sight';
import type { Making } from './use-making';

export interface StageProps {
  readonly making: Making;
  readonly width: number;
  readonly height: number;
  readonly isSandbox: boolean;
  /** Why what stands on the bench cannot be made, or is not there; empty where it can. */
  readonly notice: string;
  readonly retry: () => void;
}

/** Where the picture appears, and above it why the next one cannot be made. */
export function Stage({ notice, ...shown }: StageProps) {
  const { kind } = shown.making;
  const said = notice === '' && kind === 'cancelled' ? `Cancelled. ${lateCancel}` : notice;
  return (
    <div class="stage-view">
      <Shown {...shown} />
      {said === '' || kind === 'under way' ? null : (
        <p class="note stage-note" role="status">
          {said}
        </p>
      )}
    </div>
  );
}

const lateCancel = 'A cancel may come too late for the vendor: then it is paid for, and you have it: order it again.';

/** An empty frame of its shape, the making of it, the picture, or why there is none: from the making on, as high. */
function Shown({ making, width, height, isSandbox, retry }: Omit<StageProps, 'notice'>) {
  switch (making.kind) {
    case 'idle':
    case 'cancelled':
      return <EmptyFrame width={width} height={height} isSandbox={isSandbox} />;
    case 'under way':
      return <UnderWay making={making} width={width} height={height} />;
    case 'made':
      return <ResultView made={making} />;
    case 'failed':
      return <Failed words={making.words} retry={retry} />;
  }
}

function Failed({ words, retry }: { readonly words: FaultWords } & Pick<StageProps, 'retry'>) {
  const frame = useInSight();
  return (
    <div class="result">
      <div class="stage-frame" role="alert" ref={frame}>
        <div class="fault">
          <h2>{words.title}</h2>
          <p>{words.text}</p>
          {words.isRetryable ? (
            <button type="button" class="button plain" onClick={retry}>
              Try again
            </button>
          ) : null}
        </div>
      </div>
      <div class="result-rest" />
    </div>
  );
}

function EmptyFrame({ width, height, isSandbox }: Pick<StageProps, 'width' | 'height' | 'isSandbox'>) {
  return (
    <div class="stage-frame">
      <Frame width={width} height={height}>
        <text x="50" y="49" text-anchor="middle" class="frame-size">
          {width} × {height}
        </text>
      </Frame>
      {isSandbox ? (
        <p class="aside">
          The sandbox draws a placeholder that shows your request: nothing is bought. With a vendor's key, the same
          request makes the real picture.
        </p>
      ) : null}
    </div>
  );
}

type MadeNow = Extract<Making, { kind: 'under way' }>;

function standing({ task, refusedBy }: MadeNow): string {
  if (task === null) return 'Ordering';
  const at = task.provider ? ` at ${task.provider}` : '';
  if (task.status === 'rendering') return `Rendering${at}`;
  return refusedBy === null ? `Waiting for its turn${at}` : `${refusedBy} is busy: waiting for a place`;
}

function UnderWay({ making, width, height }: { readonly making: MadeNow } & Pick<StageProps, 'width' | 'height'>) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, []);
  const frame = useInSight();
  const { task, since } = making;
  const seconds = Math.max(0, (now - since) / 1000);
  return (
    <div class="result">
      <div class="stage-frame is-busy" ref={frame}>
        <Frame width={width} height={height} />
        <div class="progress-line">
          <p role="status">{standing(making)}</p>
          <span class="data">{`${seconds.toFixed(1)} s`}</span>
          <progress aria-label="Progress" max={1} {...(task?.progress ? { value: task.progress } : {})} />
        </div>
      </div>
      <div class="result-rest">
        <p class="hint">{lateCancel}</p>
      </div>
    </div>
  );
}

function Frame({
  width,
  height,
  children,
}: {
  readonly width: number;
  readonly height: number;
  readonly children?: unknown;
}) {
  const scale = 80 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  const [left, top] = [(100 - w) / 2, (100 - h) / 2];
  return (
    <svg class="empty-frame" viewBox="0 0 100 100" aria-hidden="true" focusable="false">
      <rect x={left} y={top} width={w} height={h} class="frame" />
      <path
        class="mark"
        d={[
          [left, top, -1, -1],
          [left + w, top, 1, -1],
          [left, top + h, -1, 1],
          [left + w, top + h, 1, 1],
        ]
          .map(([x = 0, y = 0, dx = 0, dy = 0]) => `M${x + dx * 2} ${y}h${dx * 4}M${x} ${y + dy * 2}v${dy * 4}`)
          .join('')}
      />
      {children as never}
    </svg>
  );
}
