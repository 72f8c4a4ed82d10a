import { afterAll, beforeAll, beforeEach } from 'vitest';

/** Opens subjects, each of them empty. */
export interface Maker<Subject> {
  open(): Promise<Subject>;
  close(): Promise<void>;
}

/** Opens a subject for each test of the surrounding `describe`; returns how a test gets its own. */
export function oneForEachTest<Subject>(make: () => Promise<Maker<Subject>>): () => Subject {
  let maker: Maker<Subject>;
  let subject: Subject;
  beforeAll(async () => {
    maker = await make();
  });
  afterAll(() => maker.close());
  beforeEach(async () => {
    subject = await maker.open();
  });
  return () => subject;
}
