import type { Position, Positions, Purpose } from '../model/purpose.ts';
import { mergePositions, positionFor, type Statement, statement } from '../model/statement.ts';
import { parseReservation, tdmStatement } from './tdmrep.ts';

const MINING: readonly Purpose[] = ['tdm', 'train', 'ai-input'];

/**
 * Values of `plus:DataMining` (PLUS vocabulary, IPTC Photo Metadata 2023.1), without the address of
 * the vocabulary in front. What is prohibited with constraints or terms elsewhere is prohibited here.
 */
const PLUS: ReadonlyMap<string, Positions> = new Map([
  ['DMI-ALLOWED', positionFor('allowed', MINING)],
  ['DMI-PROHIBITED-AIMLTRAINING', positionFor('reserved', ['train'])],
  ['DMI-PROHIBITED-GENAIMLTRAINING', positionFor('reserved', ['train'])],
  [
    'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING',
    { ...positionFor('reserved', MINING), search: 'allowed' },
  ],
  ['DMI-PROHIBITED', positionFor('reserved', [...MINING, 'search'])],
  ['DMI-PROHIBITED-SEECONSTRAINT', positionFor('reserved', [...MINING, 'search'])],
  ['DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR', positionFor('reserved', [...MINING, 'search'])],
  ['DMI-PROHIBITED-SEELINKEDRIGHTSEXPR', positionFor('reserved', [...MINING, 'search'])],
]);

/** What a `plus:DataMining` in an image says; the vocabulary's address in front may be missing. */
export function plusStatement(value: string): Statement | undefined {
  const name = value.trim().split('/').at(-1)?.toUpperCase() ?? '';
  return statement('plus', 'image', value.trim(), PLUS.get(name) ?? {});
}

/** What a `tdm:reservation` in the XMP of an image says (TDMRep, for EPUB and PDF). */
export function xmpTdmStatement(value: string): Statement | undefined {
  return tdmStatement([{ where: 'image', reservation: parseReservation(value) }]);
}

/** Entries of the assertion `cawg.training-mining`, and of `c2pa.training-mining` before it. */
const ENTRIES: ReadonlyMap<string, readonly Purpose[]> = new Map([
  ['data_mining', ['tdm']],
  ['ai_inference', ['ai-input']],
  ['ai_generative_training', ['train']],
  ['ai_training', ['train']],
]);

/** `constrained` without more is not allowed (CAWG training and data mining assertion, 1.0). */
const USES: ReadonlyMap<string, Position> = new Map([
  ['allowed', 'allowed'],
  ['notallowed', 'reserved'],
  ['constrained', 'reserved'],
]);

/** What the assertion says: names of its entries, with the `use` of each. */
export function cawgStatement(
  entries: readonly (readonly [name: string, use: string])[],
): Statement | undefined {
  const positions = entries.reduce<Positions>((sum, [name, use]) => {
    const position = USES.get(use.toLowerCase());
    const purposes = ENTRIES.get(name.split('.').at(-1) ?? '') ?? [];
    return position === undefined ? sum : mergePositions(sum, positionFor(position, purposes));
  }, {});
  const value = entries.map(([name, use]) => `${name}: ${use}`).join(', ');
  return statement('cawg', 'image', value, positions);
}
