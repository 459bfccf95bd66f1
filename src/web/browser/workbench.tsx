import type { SiteFacts } from '../site-facts';
import type { ToolData } from '../tool-data';
import { ApiTab } from './api-tab';
import { furnish } from './furnish';
import { KeyField } from './key-field';
import { OrderBar } from './order-bar';
import { PromptField } from './prompt-field';
import { ReferenceField } from './reference-field';
import { Segments } from './segments';
import { DialField, FinishField, SeedField } from './setting-fields';
import { SizeField } from './size-field';
import { Stage } from './stage';
import { type Tab, useWorkbench } from './use-workbench';

type WorkbenchProps = ToolData<SiteFacts>;

const tabs: readonly { readonly value: Tab; readonly words: string }[] = [
  { value: 'picture', words: 'Picture' },
  { value: 'api', words: 'API' },
];

function Workbench({ facts, developmentKey }: WorkbenchProps) {
  const work = useWorkbench(facts, developmentKey);
  const { bench, tab, setTab } = work;
  return (
    <div class="workbench">
      <Controls facts={facts} work={work} />
      <div class="stage">
        <Segments class="tabs" label="What to see" choices={tabs} chosen={tab} choose={setTab} />
        {tab === 'picture' ? (
          <Stage
            making={work.making}
            width={bench.width}
            height={bench.height}
            isSandbox={facts.isSandbox}
            notice={work.quote.kind === 'refused' ? work.quote.words.text : work.missing}
            retry={work.make}
          />
        ) : (
          <ApiTab origin={facts.origin} recipes={facts.recipes} picture={work.picture} />
        )}
      </div>
    </div>
  );
}

function Controls({
  facts: { limits, sizes, isSandbox },
  work,
}: Pick<WorkbenchProps, 'facts'> & { readonly work: ReturnType<typeof useWorkbench> }) {
  const { bench, change, apiKey, making, mark } = work;
  const setting = { bench, limits, change, mark };
  return (
    <div class="controls">
      <KeyField
        apiKey={apiKey}
        isDevelopment={work.isDevelopment}
        isAsked={work.isKeyAsked}
        lacks={work.keyLacks}
        set={work.setApiKey}
      />
      <PromptField
        bench={bench}
        read={work.read}
        most={limits.promptCharacters}
        isAwaited={work.isOfPicture}
        change={change}
        submit={work.make}
      />
      <OrderBar
        quote={work.quote}
        isSandbox={isSandbox}
        obstacle={work.obstacle}
        isUnderWay={making.kind === 'under way'}
        isAnother={work.isAnother}
        make={work.make}
        cancel={work.cancel}
      />
      <ReferenceField held={work.held} />
      <SizeField presets={sizes} {...setting} />
      <DialField {...setting} />
      <SeedField {...setting} />
      <FinishField {...setting} />
    </div>
  );
}

furnish(Workbench);
