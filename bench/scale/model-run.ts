import { usualSettings } from '../../contract/run-defaults.ts';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import type { ScaleOptions } from './scale-options.ts';

export const RUN_ID = 'scale';

/** The record of a run of the model, with the settings that are usual. */
export function modelRun(options: ScaleOptions, startedMs: number): Run {
  const { perHost, ratePerS, detail, groups } = options;
  const isCoarse = detail === 'coarse';
  const settings = usualSettings.parse({ memory: false, purposes: ['search'] });
  return {
    runId: RUN_ID,
    startedMs,
    settings: {
      ...settings,
      perHost,
      // What a bundle takes has the pace of its host in it, and its robots.txt.
      ratePerS: isCoarse ? 0 : ratePerS,
      ignoreRobots: isCoarse,
      imageStorage: 'shards',
    },
    lists: isCoarse ? [] : [{ name: 'model', location: 'file:///model', ...PLAIN }],
    seeding: 'open',
    checkpoint: FIRST_CHECKPOINT,
    cancelled: false,
    superseded: {},
    grouping: { groups, hostShards: {} },
  };
}

const PLAIN = { format: 'text', gzip: false, round: 0 } as const;
