import { hash } from 'node:crypto';
import { type Grouping, sortedShards } from '../core/model/host-group.ts';
import type { LanePlace } from '../core/model/lane.ts';
import type { GroupedUrl } from '../core/ports/frontier-ledger.ts';
import type { PackPlace } from '../core/ports/ledger.ts';
import type { MemoryPlace } from '../core/ports/memory.ts';
import type { KeptFault } from './kept-fault.ts';

/** Partitions of those tasks of a run that were made of others or found. */
export const TASK_SHARDS = 16;

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** All runs in one partition: they are few, and listed together. */
export const RUNS_PARTITION = 'RUNS';
/** Messages that no one can read. */
export const POISON_PARTITION = 'POISON';

/** The key of a run's record. */
export function runKey(runId: string): ItemKey {
  return { pk: RUNS_PARTITION, sk: runId };
}

/** The key of a task. */
export function taskKey(runId: string, taskId: string): ItemKey {
  const [byte = 0] = hash('sha256', taskId, 'buffer');
  return { pk: taskPartition(runId, byte % TASK_SHARDS), sk: taskId };
}

/** The key of what is counted of a group of a run: its holds, and how far its index goes. */
export function holdKey(runId: string, group: string): ItemKey {
  return { pk: groupPartition(runId, group), sk: 'hold' };
}

/** The key of how far a group of a run has come: the fronts of its lanes, and its sums. */
export function progressKey(runId: string, group: string): ItemKey {
  return { pk: groupPartition(runId, group), sk: 'progress' };
}

/** A partition for each group: no write of one group slows down those of another one. */
function groupPartition(runId: string, group: string): string {
  return `${runId}#P${group}`;
}

/** The key of a task in the backlog of its group. */
export function backlogKey(runId: string, place: LanePlace): ItemKey {
  return { pk: backlogPartition(runId, place.group), sk: `${place.lane}#${frontText(place)}` };
}

/** The partition of these: lane by lane, in the order of the lane. */
export function backlogPartition(runId: string, group: string): string {
  return `${runId}#B${group}`;
}

/** Between which sort keys the tasks of a lane are that stand behind a place; without a place all. */
export function behind(lane: number, front = ''): { readonly from: string; readonly to: string } {
  // `~` comes after all digits: the task at the place itself is left out.
  return { from: `${lane}#${front}${front === '' ? '' : '~'}`, to: `${lane}#~` };
}

/** A place in its lane as text: the order of the texts is that of the places. */
export function frontText({ window, at }: Pick<LanePlace, 'window' | 'at'>): string {
  return `${String(window).padStart(HOLD_DIGITS, '0')}#${String(at).padStart(PART_DIGITS, '0')}`;
}

/** The partition of a group's log: DynamoDB writes 1,000 units a second to each. */
export function logPartition(runId: string, group: string): string {
  return `${runId}#G${group}`;
}

/** Sort keys of a log: its index, its packs in the order of their places, and what was kept alone. */
export const LOG_KEYS = {
  index: { from: 'i#', to: 'i#~' },
  packs: { from: 'p#', to: 'q#~' },
} as const;

/** The sort key of a pack; `half` tells apart the halves of one that does not fit into an item. */
export function packKey(place: PackPlace, half = ''): string {
  return `p#${placeText(place)}${half}`;
}

/** Where the packs after a place begin: behind all halves of the pack in it. */
export function afterPack(place: PackPlace): string {
  return `${packKey(place)}~`;
}

/** The sort key of a part of the index. */
export function indexKey(upTo: PackPlace): string {
  return `i#${placeText(upTo)}`;
}

/** The sort key of a result that was kept from outside of any hold. */
export function aloneKey(url: string, round: number): string {
  return `q#${shortHash(url)}#${round}`;
}

/** A place as text: the order of the texts is that of the places. */
export function placeText({ hold, part }: PackPlace): string {
  return `${String(hold).padStart(HOLD_DIGITS, '0')}#${String(part).padStart(PART_DIGITS, '0')}`;
}

/** The place that a text names; undefined when it names none. */
export function parsePlace(text: string): PackPlace | undefined {
  const match = PLACE.exec(text);
  return match === null ? undefined : { hold: Number(match[1]), part: Number(match[2]) };
}

const HOLD_DIGITS = 10;
const PART_DIGITS = 7;
const PLACE = /(\d{10})#(\d{7})/;

/** The key of what is known of a URL besides its result. */
export function markKey(runId: string, { url, group }: GroupedUrl): ItemKey {
  return { pk: markPartition(runId, group), sk: shortHash(url) };
}

/** A partition of a run's marks: those of the URLs of one group. */
export function markPartition(runId: string, group: string): string {
  return `${runId}#K${group}`;
}

/** A URL can be longer than a key may be. */
function shortHash(url: string): string {
  return hash('sha256', url, 'buffer').subarray(0, 16).toString('base64url');
}

/** The key of what was taken into a run. */
export function takenKey(runId: string): ItemKey {
  return { pk: `${runId}#F`, sk: 'taken' };
}

/** The key of what went wrong at one place of our code, and without a place of what is said first. */
export function faultKey(
  runId: string,
  { functionName, message, location }: Pick<KeptFault, 'functionName' | 'message' | 'location'>,
): ItemKey {
  const place = location ?? message.slice(0, FAULT_BEGINNING);
  return { pk: faultPartition(runId), sk: shortHash(`${functionName} ${place}`) };
}

/** The partition of these. */
export function faultPartition(runId: string): string {
  return `${runId}#E`;
}

/** So much of a message tells errors apart: further on are often addresses or ids. */
const FAULT_BEGINNING = 40;

/** The key of what a run is estimated to have cost. */
export function costKey(runId: string): ItemKey {
  return { pk: takenKey(runId).pk, sk: 'cost' };
}

/** The key of the order that all runs of the stack are to stop. */
export const STOP_KEY: ItemKey = { pk: 'STACK', sk: 'stop' };

/** A partition of a run's tasks. */
export function taskPartition(runId: string, shard: number): string {
  return `${runId}#T${shard}`;
}

/** All partitions of a run with these groups; its record is in another one, with those of all runs. */
export function runPartitions(runId: string, groups: readonly string[]): readonly string[] {
  const tasks = Array.from({ length: TASK_SHARDS }, (_, shard) => taskPartition(runId, shard));
  return [
    ...groups.map((group) => logPartition(runId, group)),
    ...groups.map((group) => markPartition(runId, group)),
    ...groups.map((group) => backlogPartition(runId, group)),
    ...groups.map((group) => groupPartition(runId, group)),
    ...tasks,
    // Where older versions kept the holds of all groups.
    `${runId}#H`,
    takenKey(runId).pk,
    faultPartition(runId),
  ];
}

/** The key of what is known of a host; `host` is an authority. */
export function hostKey(host: string): ItemKey {
  return { pk: hostPartition(host), sk: 'host' };
}

/** Hosts belong to no run: each is a partition of its own. */
function hostPartition(host: string): string {
  return `HOST#${host}`;
}

/** The groupings that anything is remembered by, each as an item. */
export const MEMORY_PARTITION = 'MEMORY';

/** The key of one of them. */
export function memoryGroupingKey(grouping: Grouping): ItemKey {
  return { pk: MEMORY_PARTITION, sk: groupingName(grouping) };
}

/** The partition of what all runs remember of a group. */
export function memoryPartition(grouping: Grouping, group: string): string {
  return `${MEMORY_PARTITION}#${groupingName(grouping)}#${group}`;
}

/** Sort keys of a group's memory: its documents, and its packs in the order of their places. */
export const MEMORY_KEYS = { packs: { from: 'm#', to: 'm#~' } } as const;

/** The sort key of a pack of memory; `half` tells apart the halves of one that does not fit into an item. */
export function memoryPackKey(place: MemoryPlace, half = ''): string {
  return `m#${memoryPlaceText(place)}${half}`;
}

/** The sort key of documents of a pack; the name of that no other pack of the group has. */
export function memoryDocumentKey(name: string, part: string): string {
  return `d#${name}#${part}`;
}

/** The place that the sort key of a pack names; undefined when it names none. */
export function parseMemoryPlace(sk: string): MemoryPlace | undefined {
  const match = MEMORY_PLACE.exec(sk);
  return match === null ? undefined : { sequence: Number(match[1]), name: match[2] ?? '' };
}

const SEQUENCE_DIGITS = 12;
const MEMORY_PLACE = /^m#(\d{12})#(.+)$/s;

function memoryPlaceText({ sequence, name }: MemoryPlace): string {
  return `${String(sequence).padStart(SEQUENCE_DIGITS, '0')}#${name}`;
}

/** Another way to put hosts into groups is another name. */
function groupingName(grouping: Grouping): string {
  const { groups } = grouping;
  const shards = sortedShards(grouping);
  return shards.length === 0 ? `${groups}` : `${groups}.${shortHash(JSON.stringify(shards))}`;
}
