import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files compute or wait for long. */
const LONG = /\/test\/(simulation|end-to-end|local)\//;

/**
 * The order of test files in which all cores are busy to the end: files that compute beside files
 * that wait for processes of their own, and the many short files last.
 */
export class SpreadLongFiles extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const folders = Map.groupBy(sorted, folderOf);
    const places = new Map<TestSpecification, number>();
    for (const [folder, some] of folders) {
      for (const [at, file] of some.entries())
        places.set(file, folder === undefined ? 1 : at / some.length);
    }
    return sorted.toSorted((a, b) => (places.get(a) ?? 1) - (places.get(b) ?? 1));
  }
}

/** The long folder that a file is in; undefined for a short file. */
function folderOf({ moduleId }: TestSpecification): string | undefined {
  return LONG.exec(moduleId)?.[1];
}
