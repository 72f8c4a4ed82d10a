/** Numbers that look random and are the same for the same seed (the generator xorshift32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomOf>;
type Mutation = (file: Buffer, random: Random, other: Buffer) => Buffer;

/** Numbers at the edges of what fields of lengths and offsets can hold. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** Ways in which a file goes wrong, or is made to. */
const MUTATIONS: readonly Mutation[] = [
  function flipBit(file, random) {
    const at = random(file.length);
    file[at] = (file[at] ?? 0) ^ (1 << random(8));
    return file;
  },
  function setByte(file, random) {
    file[random(file.length)] = random(256);
    return file;
  },
  function setLength(file, random) {
    const at = random(Math.max(1, file.length - 4));
    const value = [...EDGES, file.length, file.length - at, random(2 ** 16)][random(16)] ?? 0;
    const bytes = Buffer.alloc(8);
    if (random(2) === 0) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    bytes.copy(file, at, 0, 1 + random(8));
    return file;
  },
  function cut(file, random) {
    return file.subarray(0, random(file.length));
  },
  function leaveOut(file, random) {
    const [from, to] = span(file, random);
    return Buffer.concat([file.subarray(0, from), file.subarray(to)]);
  },
  function repeat(file, random) {
    const [from, to] = span(file, random);
    const times = Array.from({ length: 1 + random(5) }, () => file.subarray(from, to));
    return Buffer.concat([file.subarray(0, to), ...times, file.subarray(to)]);
  },
  function fill(file, random) {
    const [from, to] = span(file, random);
    return file.fill(random(2) * 0xff, from, to);
  },
  function splice(file, random, other) {
    const [from, to] = span(other, random);
    const at = random(file.length);
    return Buffer.concat([file.subarray(0, at), other.subarray(from, to), file.subarray(at)]);
  },
];

function span(file: Buffer, random: Random): readonly [from: number, to: number] {
  const from = random(file.length);
  return [from, Math.min(file.length, from + 1 + random(64))];
}

/** One to four mutations of a copy of a file. */
export function mutate(file: Buffer, random: Random, other: Buffer): Buffer {
  let mutant: Buffer = Buffer.from(file);
  for (let left = 1 + random(4); left > 0 && mutant.length > 0; left -= 1)
    mutant = MUTATIONS[random(MUTATIONS.length)]?.(mutant, random, other) ?? mutant;
  return mutant;
}
