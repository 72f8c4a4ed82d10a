import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalFunction } from '../../../local/functions/local-function.ts';
import { Log, runFunction, Wire, writeFunction } from '../tiny-functions.ts';

describe('an invocation', () => {
  it('ends with what the handler returns', async () => {
    const double = await runFunction('return { doubled: event.number * 2 };');
    expect(await double.invoke({ number: 21 })).toEqual({
      kind: 'returned',
      value: { doubled: 42 },
    });
  });

  it('is told how long it may take', async () => {
    const clock = await runFunction('return context.getRemainingTimeInMillis();');
    const end = await clock.invoke({});
    const left = end.kind === 'returned' ? Number(end.value) : Number.NaN;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(20_000);
  });

  it('ends with what the handler throws, and its log has the trace', async () => {
    const log = new Log();
    const spec = await writeFunction("throw new RangeError('too far');");
    const broken = new LocalFunction(spec, log);
    onTestFinished(() => broken.close());
    expect(await broken.invoke({})).toEqual({ kind: 'threw', error: 'RangeError: too far' });
    await broken.close();
    expect(log.text).toContain('index.mjs');
  });

  it.each([
    ['process.exit(3);', 'exited with code 3'],
    ["setImmediate(() => { throw new Error('astray'); }); await heard('never');", 'astray'],
    ["Promise.reject(new Error('unheeded')); await heard('never');", 'unheeded'],
  ])('that ends its own process has died: %s', async (body, error) => {
    const dying = await runFunction(body, {}, new Wire());
    expect(await dying.invoke({})).toEqual({
      kind: 'died',
      error: expect.stringContaining(error),
    });
  });

  it.each(['while (true);', "await heard('never');"])(
    'is ended at its time limit: %s',
    async (body) => {
      const endless = await runFunction(body, { timeoutS: 1 }, new Wire());
      const began = performance.now();
      expect(await endless.invoke({})).toEqual({ kind: 'died', error: 'timed out after 1 s' });
      expect(performance.now() - began).toBeGreaterThan(950);
    },
  );

  it('is ended when it takes more memory than it has, and the next one is not affected', async () => {
    const hungry = await runFunction(
      'const eaten = []; while (event.eat) eaten.push(Array.from({ length: 1000 }, String));' +
        "return 'full';",
    );
    expect(await hungry.invoke({ eat: true })).toEqual({
      kind: 'died',
      error: expect.stringContaining('memory'),
    });
    expect(await hungry.invoke({ eat: false })).toEqual({ kind: 'returned', value: 'full' });
  });

  it('of a function that its module does not export has died', async () => {
    const absent = await runFunction('', { handler: 'absent' });
    expect(await absent.invoke({})).toEqual({
      kind: 'died',
      error: expect.stringContaining('exports no function absent'),
    });
  });

  it('of a module that does not load has died', async () => {
    const spec = await writeFunction('');
    await writeFile(spec.module, "throw new Error('bad environment')");
    const unborn = new LocalFunction(spec, new Log());
    onTestFinished(() => unborn.close());
    expect(await unborn.invoke({})).toEqual({ kind: 'died', error: 'Error: bad environment' });
  });
});

describe('an instance', () => {
  it('that was started early takes the first invocation', async () => {
    const wire = new Wire();
    const spec = await writeFunction("tell('called');", {}, wire);
    await appendFile(spec.module, "tell('loaded');");
    const early = new LocalFunction(spec, new Log());
    onTestFinished(() => early.close());
    early.warm();
    expect(await wire.next()).toBe('loaded');
    await early.invoke({});
    expect(await wire.next()).toBe('called');
  });

  it('that could not start early fails nobody', async () => {
    const spec = await writeFunction("return 'started';");
    const sound = await readFile(spec.module);
    await writeFile(spec.module, "throw new Error('not yet');");
    const log = new Log();
    const early = new LocalFunction(spec, log);
    onTestFinished(() => early.close());
    const gone = once(log, 'unpipe');
    early.warm();
    await gone;
    await writeFile(spec.module, sound);
    expect(await early.invoke({})).toEqual({ kind: 'returned', value: 'started' });
  });

  it('that is warm is used again', async () => {
    const counting = await runFunction('calls += 1; return calls;');
    await counting.invoke({});
    expect(await counting.invoke({})).toEqual({ kind: 'returned', value: 2 });
  });

  it('that threw is used again', async () => {
    const counting = await runFunction('calls += 1; if (calls === 1) throw 1; return calls;');
    await counting.invoke({});
    expect(await counting.invoke({})).toEqual({ kind: 'returned', value: 2 });
  });

  it('that died is not used again', async () => {
    const mortal = await runFunction('calls += 1; if (event.die) process.exit(1); return calls;');
    await mortal.invoke({ die: false });
    await mortal.invoke({ die: true });
    expect(await mortal.invoke({ die: false })).toEqual({ kind: 'returned', value: 1 });
  });

  it('that died after its answer fails nobody', async () => {
    const wire = new Wire();
    const log = new Log();
    const body = "calls += 1; heard('die').then(() => process.exit(1)); return calls;";
    const late = new LocalFunction(await writeFunction(body, {}, wire), log);
    onTestFinished(() => late.close());
    await late.invoke({});
    const gone = once(log, 'unpipe');
    wire.say('die');
    await gone;
    expect(await late.invoke({})).toEqual({ kind: 'returned', value: 1 });
  });

  it('takes one invocation at a time: several at once are several instances', async () => {
    const wire = new Wire();
    const meeting = await runFunction("calls += 1; tell(calls); await heard('go');", {}, wire);
    const ends = Promise.all([1, 2, 3].map(() => meeting.invoke({})));
    expect(await wire.take(3)).toEqual([1, 1, 1]);
    wire.say('go');
    expect(await ends).toMatchObject([1, 2, 3].map(() => ({ kind: 'returned' })));
  });

  it('says nothing of its own when many run at once', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    onTestFinished(() => void process.off('warning', keep));
    const wire = new Wire();
    const meeting = await runFunction("tell('here'); await heard('go');", {}, wire);
    const ends = Promise.all(Array.from({ length: 8 }, () => meeting.invoke({})));
    await wire.take(8);
    wire.say('go');
    await ends;
    expect(warnings).toEqual([]);
  });
});

describe('the environment of a function', () => {
  it('is the given one and nothing else, and stays in its thread', async () => {
    const before = { ...process.env };
    const environment = { TABLE_NAME: 'ledger', HOME: '/nowhere' };
    const curious = await runFunction(
      "const seen = { ...process.env }; process.env.LEAKED = 'yes'; return seen;",
      { environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' } },
    );
    // Processes that a function starts are kept to its asset by this.
    const guard = { CHILD_NODE_OPTIONS: expect.stringContaining('guard-process') };
    const value = { ...environment, ...guard };
    expect(await curious.invoke({})).toEqual({ kind: 'returned', value });
    expect({ ...process.env }).toEqual(before);
  });

  it('is obeyed where it has options for Node', async () => {
    const options = await runFunction('return process.execArgv;', {
      environment: { NODE_OPTIONS: '--no-warnings --trace-warnings' },
    });
    expect(await options.invoke({})).toEqual({
      kind: 'returned',
      value: ['--no-warnings', '--trace-warnings'],
    });
  });

  it('makes traces name sources where it asks Node for that', async () => {
    const told = async (NODE_OPTIONS: string) => {
      const spec = await writeFunction('return new Error().stack;', {
        environment: { NODE_OPTIONS },
      });
      const bundled = await transform(await readFile(spec.module, 'utf8'), {
        sourcefile: 'handler-source.ts',
        sourcemap: 'external',
        minify: true,
      });
      await writeFile(spec.module, bundled.code);
      await writeFile(`${spec.module}.map`, bundled.map);
      const mapped = new LocalFunction(spec, new Log());
      onTestFinished(() => mapped.close());
      const end = await mapped.invoke({});
      return end.kind === 'returned' ? String(end.value) : end.error;
    };
    expect(await told('--enable-source-maps')).toMatch(/handler-source\.ts:\d+:\d+/);
    expect(await told('')).toMatch(/index\.mjs:1:\d+/);
  });
});

describe('an asynchronous invocation', () => {
  it.each([
    ["throw new Error('again')", 'threw'],
    ['process.exit(1)', 'died'],
  ])('that fails is tried three times in all: %s', async (body, kind) => {
    const wire = new Wire();
    const failing = await runFunction(`tell('tried'); ${body}`, {}, wire);
    expect(await failing.invokeAsync({})).toMatchObject({ kind });
    await wire.take(3);
    expect(wire.untaken).toBe(0);
  });

  it('that succeeds is not tried again', async () => {
    const failing = await runFunction('calls += 1; if (calls < 2) throw 1; return calls;');
    expect(await failing.invokeAsync({})).toEqual({ kind: 'returned', value: 2 });
  });
});

describe('a function that is closed', () => {
  it('ends what runs, and begins nothing', async () => {
    const wire = new Wire();
    const endless = await runFunction("tell('began'); while (true);", {}, wire);
    const end = endless.invokeAsync({});
    await wire.next();
    await endless.close();
    expect(await end).toEqual({ kind: 'died', error: 'killed' });
    expect(await endless.invoke({})).toEqual({ kind: 'died', error: 'the runner is stopping' });
    expect(wire.untaken).toBe(0);
  });
});
