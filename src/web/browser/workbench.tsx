import { render, useEffect, useMemo, useState } from 'hono/jsx/dom';
import { composeRequest } from '../samples/compose-request';
import type { PictureSettings } from '../samples/picture-settings';
import type { JsonObject, SiteFacts } from '../site-facts';
import { ApiTab } from './api-tab';
import { type Bench, benchOf, drawSeed, fragmentOf, type ReadPrompt, readPrompt, settingsOf } from './bench-state';
import { createGateway, readRecipe } from './gateway';
import { KeyField } from './key-field';
import { storedKey, storeKey } from './key-store';
import { OrderBar } from './order-bar';
import { PromptField } from './prompt-field';
import { ReferenceField } from './reference-field';
import { DialField, FinishField, SeedField } from './setting-fields';
import { SizeField } from './size-field';
import { Stage } from './stage';
import { benchOfRecipe } from './stored-bench';
import { useMaking } from './use-making';
import { useQuote } from './use-quote';

interface WorkbenchProps {
  readonly facts: SiteFacts;
  readonly developmentKey: string | null;
}

function Workbench({ facts, developmentKey }: WorkbenchProps) {
  const { bench, change } = useBench(facts);
  const [apiKey, setApiKey] = useState(storedKey() ?? developmentKey);
  const [version, setVersion] = useState(0);
  const [tab, setTab] = useState<'picture' | 'api'>('picture');
  const gateway = useMemo(() => (apiKey === null ? null : createGateway(apiKey)), [apiKey]);
  const read = readPrompt(bench, facts.limits);
  const picture = read.kind === 'prompt' ? settingsOf(bench, read.prompt) : null;
  const body = picture === null ? null : orderBody(facts, picture);
  const isTooLarge = bench.width * bench.height > facts.limits.areaPixels;
  const quote = useQuote(gateway, isTooLarge ? null : body, version);
  const { making, start, cancel } = useMaking(gateway, () => setVersion((before) => before + 1));
  const isMade = making.kind === 'made' && JSON.stringify(making.body) === JSON.stringify(body);
  const obstacle = apiKey === null ? 'Give a key to begin.' : obstacleOf(read, isTooLarge);
  const make = () => {
    if (picture === null) return;
    setTab('picture');
    const isAnother = isMade && !bench.isSeedLocked;
    const next = isAnother ? { ...picture, seed: drawSeed() } : picture;
    if (isAnother) change({ seed: next.seed });
    void start(orderBody(facts, next));
  };
  const useKey = (key: string) => {
    storeKey(key);
    setApiKey(key === '' ? developmentKey : key);
  };
  const isKeyRefused = [quote, making].some((state) => 'words' in state && state.words.isAboutKey);
  return (
    <div class="workbench">
      <div class="controls">
        <KeyField
          apiKey={apiKey}
          isDevelopment={apiKey !== null && apiKey === developmentKey}
          isAsked={apiKey === null || isKeyRefused}
          set={useKey}
        />
        <PromptField bench={bench} read={read} most={facts.limits.promptCharacters} change={change} />
        <OrderBar
          quote={quote}
          isSandbox={facts.isSandbox}
          obstacle={obstacle}
          isUnderWay={making.kind === 'under way'}
          isMade={isMade}
          isSeedLocked={bench.isSeedLocked}
          make={make}
          cancel={() => void cancel()}
        />
        <ReferenceField
          references={bench.references}
          limits={facts.limits}
          gateway={gateway}
          change={(references) => change({ references })}
        />
        <SizeField bench={bench} presets={facts.sizes} limits={facts.limits} change={change} />
        <DialField bench={bench} limits={facts.limits} change={change} />
        <SeedField bench={bench} limits={facts.limits} change={change} />
        <FinishField bench={bench} limits={facts.limits} change={change} />
      </div>
      <div class="stage">
        <Tabs tab={tab} setTab={setTab} />
        {tab === 'picture' ? (
          <Stage making={making} width={bench.width} height={bench.height} isSandbox={facts.isSandbox} retry={make} />
        ) : (
          <ApiTab origin={facts.origin} recipes={facts.recipes} picture={picture} />
        )}
      </div>
    </div>
  );
}

/** The bench, which the address of the page describes at every moment. */
function useBench({ limits }: SiteFacts) {
  const [bench, setBench] = useState(() => benchOf(location.hash, limits));
  const change = (part: Partial<Bench>) => setBench((before) => ({ ...before, ...part }));
  useEffect(() => {
    const fingerprint = /^#from=([0-9a-f]{64})$/.exec(location.hash)?.[1];
    if (fingerprint === undefined) return;
    void readRecipe(fingerprint).then((recipe) => recipe && setBench(benchOfRecipe(recipe)));
  }, []);
  useEffect(() => {
    if (!location.hash.startsWith('#from=') || bench.promptText !== '')
      history.replaceState(null, '', bench.promptText === '' ? location.pathname : fragmentOf(bench));
  }, [bench]);
  useEffect(() => {
    const follow = () => setBench(benchOf(location.hash, limits));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return { bench, change };
}

function orderBody({ recipes }: SiteFacts, picture: PictureSettings): JsonObject {
  const composed = composeRequest(
    recipes.filter(({ dialect }) => dialect === 'openai'),
    picture,
  );
  if (composed.kind === 'impossible') throw new Error(composed.reasons.join('; '));
  return composed.body;
}

function obstacleOf(read: ReadPrompt, isTooLarge: boolean): string {
  if (read.kind === 'empty') return 'Write a prompt, or take an example.';
  if (read.kind === 'wrong') return 'The prompt needs a look.';
  return isTooLarge ? 'The size needs a look.' : '';
}

interface TabsProps {
  readonly tab: 'picture' | 'api';
  readonly setTab: (tab: 'picture' | 'api') => void;
}

function Tabs({ tab, setTab }: TabsProps) {
  return (
    <div class="segments tabs" role="group" aria-label="What to see">
      <button type="button" aria-pressed={tab === 'picture' ? 'true' : 'false'} onClick={() => setTab('picture')}>
        Picture
      </button>
      <button type="button" aria-pressed={tab === 'api' ? 'true' : 'false'} onClick={() => setTab('api')}>
        API
      </button>
    </div>
  );
}

const data = document.getElementById('workbench-data')?.textContent;
const root = document.getElementById('workbench');
if (data && root) render(<Workbench {...(JSON.parse(data) as WorkbenchProps)} />, root);
