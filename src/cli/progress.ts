import { bar } from './chart';
import type { Terminal } from './terminal';

const columns = 24;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redrawMs = 80;

/** One line on the terminal that is drawn anew as work goes on, and is gone when it is done. */
export interface Progress {
  /** `share` is 0 to 1; null where nobody knows how much there is. */
  update(label: string, share: number | null): void;
  end(): void;
}

/** Progress where somebody watches; silence in a pipe, with `--quiet` and with `--json`. */
export function showProgress(terminal: Terminal): Progress {
  if (!terminal.showsProgress) return { update: () => undefined, end: () => undefined };
  const startedAt = Date.now();
  let [label, share] = ['', null as number | null];
  const draw = () => {
    const elapsed = Date.now() - startedAt;
    const mark = spinner[Math.floor(elapsed / redrawMs) % spinner.length] ?? '';
    const gauge = share === null ? '' : `${gaugeOf(terminal, share)} `;
    const seconds = terminal.paint('dim', `${(elapsed / 1000).toFixed(1)} s`);
    terminal.redraw(`${terminal.paint('cyan', mark)} ${gauge}${label}  ${seconds}`);
  };
  const timer = setInterval(draw, redrawMs);
  return {
    update: (newLabel, newShare) => {
      [label, share] = [newLabel, newShare];
      draw();
    },
    end: () => {
      clearInterval(timer);
      terminal.redraw('');
    },
  };
}

function gaugeOf({ paint }: Terminal, share: number): string {
  const filled = bar(share, 1, columns);
  const percent = `${Math.round(share * 100)}%`.padStart(4);
  return `${paint('cyan', filled)}${paint('dim', '░'.repeat(columns - filled.length))} ${percent}`;
}
