import type { SiteFacts } from '../site-facts';
import type { ToolData } from '../tool-data';
import { furnish } from './furnish';
import { KeyField } from './key-field';
import { PickBar } from './pick-button';
import { PromptField } from './prompt-field';
import { ReferenceField } from './reference-field';
import { Dial, SeedInput, UpsamplingSwitch } from './setting-fields';
import { SizeField } from './size-field';
import { SweepBar } from './sweep-bar';
import { cancelledWords } from './sweep-cancel';
import { AxisFields, BudgetField } from './sweep-fields';
import { SweepSheet } from './sweep-sheet';
import { useSweep } from './use-sweep';
import { placeKey } from './use-sweep-run';

function SweepTool({ facts, developmentKey }: ToolData<SiteFacts>) {
  const work = useSweep(facts, developmentKey);
  const { sweep, places, quotes, run, picks } = work;
  const isStored = quotes?.some((quote) => quote.kind === 'quoted' && quote.isStored) ?? false;
  const hasPictures = isStored || [...run.cells.values()].some(({ kind }) => kind === 'made');
  return (
    <div class="workbench">
      <Controls facts={facts} work={work} />
      <div class="stage">
        <SweepSheet {...{ sweep, facts, places, quotes, run, picks }} />
        {hasPictures ? <PickBar picks={picks} /> : <p class="pick-bar" />}
      </div>
    </div>
  );
}

interface ControlsProps {
  readonly facts: SiteFacts;
  readonly work: ReturnType<typeof useSweep>;
}

function Controls({ facts, work }: ControlsProps) {
  const { sweep, change, changeBench, key, quotes, run, places } = work;
  const { limits } = facts;
  return (
    <div class="controls">
      <KeyField
        apiKey={key.apiKey}
        isDevelopment={key.isDevelopment}
        isAsked={work.isKeyAsked}
        lacks={work.keyLacks}
        set={key.setApiKey}
      />
      <PromptField bench={sweep.bench} read={work.read} most={limits.promptCharacters} change={changeBench} />
      <AxisFields sweep={sweep} facts={facts} change={change} />
      <BudgetField sweep={sweep} change={change} mark={work.mark} />
      <SweepBar
        {...{ quotes, run }}
        places={places.length}
        budgetMicros={sweep.budgetMicros}
        cancelled={cancelledWords(places.flatMap((place) => run.cells.get(placeKey(place)) ?? []))}
        obstacle={work.obstacle}
        isSandbox={facts.isSandbox}
        start={work.start}
        cancel={work.cancel}
      />
      <FixedSettings facts={facts} work={work} />
      <ReferenceField held={work.held} />
    </div>
  );
}

/** What stays the same over the whole sheet. */
function FixedSettings({ facts: { limits, sizes }, work: { sweep, changeBench, mark } }: ControlsProps) {
  const { bench, across, down } = sweep;
  const isSwept = (name: string) => across.name === name || down.name === name;
  const dial = (id: 'steps' | 'guidance', label: string, step: number) =>
    isSwept(id) ? null : (
      <Dial
        {...{ id, label, step }}
        hint="The same in every picture."
        value={bench[id]}
        {...limits[id]}
        set={(value) => changeBench({ [id]: Math.round(value * 10) / 10 })}
        mark={mark}
      />
    );
  return (
    <>
      <SizeField presets={sizes} bench={bench} limits={limits} change={changeBench} mark={mark} />
      {isSwept('steps') && isSwept('guidance') ? null : (
        <section class="field" aria-label="Steps and guidance">
          {dial('steps', 'Steps', 1)}
          {dial('guidance', 'Guidance', 0.1)}
        </section>
      )}
      {isSwept('seed') ? null : (
        <section class="field seed-field">
          <label for="seed">Seed</label>
          <SeedInput {...{ bench, limits, mark }} change={changeBench} hint="The same in every picture." />
        </section>
      )}
      {isSwept('upsampling') ? null : (
        <section class="field" aria-label="Prompt upsampling">
          <UpsamplingSwitch bench={bench} change={changeBench} />
        </section>
      )}
    </>
  );
}

furnish(SweepTool);
