import { describe, expect, test } from 'vitest';
import { Screen } from '../../../cli/output/screen.ts';
import { ProgressLine } from '../../../cli/run/progress-line.ts';
import { BufferOutput } from '../buffer-output.ts';
import { aProgress } from '../records.ts';

describe('the line of progress', () => {
  test('says how far, how fast, how long, how much and what failed', () => {
    const line = new ProgressLine();
    line.render(aProgress({ state: 'running', targets: 5000, succeeded: 0 }), 0);
    const later = aProgress({
      state: 'running',
      targets: 5000,
      succeeded: 1900,
      failed: 100,
      bytes: 12_345_678,
      reasons: { timeout: 10, 'not-found': 80, forbidden: 6, truncated: 4 },
    });
    expect(line.render(later, 10_000)).toBe(
      '2,000/5,000  190 images/s  15 s left  12.3 MB  not-found 80, timeout 10, forbidden 6, others 4',
    );
  });

  test('measures speed over the last seconds, not since the start', () => {
    const line = new ProgressLine();
    const at = (succeeded: number) => aProgress({ state: 'running', targets: 900, succeeded });
    line.render(at(0), 0);
    line.render(at(100), 60_000);
    line.render(at(100), 70_000);
    expect(line.render(at(250), 75_000)).toContain('10 images/s');
  });

  test('shows which host is paused and until when, and counts the pause as time left', () => {
    const paused = { leftMs: 0, toString: () => '' };
    const line = new ProgressLine(paused);
    const at = (succeeded: number) =>
      aProgress({ state: 'running', targets: 100, ended: false, succeeded });
    line.render(at(0), 0);
    expect(line.render(at(10), 1000)).toContain('9.0 s left');
    Object.assign(paused, { leftMs: 12_000, toString: () => 'a.example paused until 12:00:12' });
    const shown = line.render(at(11), 11_000);
    expect(shown).toContain('a.example paused until 12:00:12');
    // Twelve seconds of pause, then 89 URLs at ten per second.
    expect(shown).toContain('21 s left');
  });

  test('does not know its total while seeding, nor a speed before the first result', () => {
    const line = new ProgressLine();
    line.render(aProgress({ state: 'seeding', targets: 0, ended: false }), 0);
    const seeding = aProgress({ state: 'seeding', targets: 70, ended: false });
    expect(line.render(seeding, 1000)).toBe('reading list … 70 URLs so far');
  });
});

describe('the screen', () => {
  test('sends no escape sequences to a terminal that understands none', () => {
    const stderr = new BufferOutput(80);
    const screen = new Screen({ stdout: stderr, stderr, json: false, isDumb: true });
    screen.progress('10 %');
    screen.note('a note');
    screen.say(screen.style('bold', 'bold'));
    expect(stderr.text).toBe('a note\nbold\n');
  });

  const open = (columns?: number, json = false) => {
    const [stdout, stderr] = [new BufferOutput(columns), new BufferOutput(columns)];
    return { stdout, stderr, screen: new Screen({ stdout, stderr, json }) };
  };

  test('draws progress on a terminal only', () => {
    const { screen, stderr, stdout } = open();
    screen.progress('half way');
    expect(stdout.text + stderr.text).toBe('');
  });

  test('cuts the line to the terminal, and takes it away for other lines', () => {
    const { screen, stderr } = open(10);
    screen.progress('0123456789');
    screen.note('x');
    const lines = stderr.text.split('\r\u001b[2K');
    expect(lines[1]).toBe('012345678');
    expect(lines[2]).toContain('x');
    expect(lines[3]).toBe('012345678');
  });

  test.each([
    [60, '713/1,821  91 images/s  not-found 200, server-error 60'],
    [54, '713/1,821  91 images/s  not-found 200…'],
    [40, '713/1,821  91 images/s  not-found 200…'],
    [39, '713/1,821  91 images/s  not-found 200…'],
    [38, '713/1,821  91 images/s…'],
    [12, '713/1,821…'],
  ])('cuts no number of the line in a terminal of %d columns', (columns, expected) => {
    const { screen, stderr } = open(columns);
    screen.progress('713/1,821  91 images/s  not-found 200, server-error 60');
    expect(stderr.text.split('\r\u001b[2K')[1]).toBe(expected);
  });

  test('keeps standard output for the data where JSON is wanted', async () => {
    const { screen, stdout, stderr } = open(undefined, true);
    screen.say('for people');
    await screen.write('{}\n');
    expect({ out: stdout.text, err: stderr.text }).toEqual({ out: '{}\n', err: 'for people\n' });
  });

  test('writes no colours into a pipe', () => {
    const { screen } = open();
    expect(screen.style('red', 'text')).toBe('text');
  });
});
