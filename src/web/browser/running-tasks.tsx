import { useState } from 'hono/jsx/dom';
import { dollars } from '../money';
import type { AccountGateway, ListedOwnTask } from './account-gateway';
import { DataTable } from './data-table';
import { type FaultWords, faultWords } from './fault-words';
import { useEffect } from './use-effect';

const everyMs = 3_000;
const columns = [
  ...['Task', 'Stands', 'At', 'API'].map((name) => ({ name })),
  ...['Held', 'For'].map((name) => ({ name, isNumber: true })),
];

/** What is being made right now: asked for again and again while somebody looks. */
export function RunningTasks({ gateway }: { readonly gateway: AccountGateway }) {
  const { tasks, fault, now } = useRunning(gateway);
  return (
    <section class="running" aria-labelledby="running">
      <h2 id="running">Under way now</h2>
      <p class="hint" role="status">
        {fault !== null ? `${fault.title}. ${fault.text}` : runningWords(tasks)}
      </p>
      {tasks === null || tasks.length === 0 ? null : (
        <DataTable
          caption="Tasks under way"
          columns={columns}
          rows={tasks.map((task) => ({
            id: task.id,
            cells: [
              <code>{task.fingerprint.slice(0, 8)}</code>,
              task.status,
              task.provider ?? '–',
              task.dialect,
              dollars(task.quotedMicros),
              `${Math.max(0, Math.round((now - Date.parse(task.createdAt)) / 1000))} s`,
            ],
          }))}
        />
      )}
    </section>
  );
}

function runningWords(tasks: readonly ListedOwnTask[] | null): string {
  if (tasks === null) return 'Looking…';
  return tasks.length === 0 ? 'Nothing. What is ordered shows up here by itself.' : `${tasks.length} under way.`;
}

interface Running {
  readonly tasks: readonly ListedOwnTask[] | null;
  readonly fault: FaultWords | null;
  readonly now: number;
}

function useRunning(gateway: AccountGateway): Running {
  const [running, setRunning] = useState<Running>({ tasks: null, fault: null, now: Date.now() });
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (document.visibilityState === 'visible') {
        const found = await gateway.tasks({ limit: 50 }).then(
          ({ data }) => ({ tasks: data.filter(({ endedAt }) => endedAt === null), fault: null }),
          (thrown) => ({ tasks: null, fault: faultWords(thrown) }),
        );
        if (!isGone) setRunning({ ...found, now: Date.now() });
      }
      if (!isGone) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [gateway]);
  return running;
}
