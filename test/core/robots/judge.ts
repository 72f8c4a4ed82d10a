import { readRobots } from '../../../core/robots/read-robots.ts';
import { RobotsMatcher, type RobotsVerdict } from '../../../core/robots/robots-matcher.ts';

/** The octets of a file: text in UTF-8, or octets as they are. */
export function bytes(file: string | readonly number[]): Uint8Array {
  return typeof file === 'string' ? new TextEncoder().encode(file) : Uint8Array.from(file);
}

/** What a robots.txt says of a path, to FooBot. */
export function judge(file: string | Uint8Array, path: string, token = 'FooBot'): RobotsVerdict {
  const body = typeof file === 'string' ? bytes(file) : file;
  return new RobotsMatcher(readRobots(body, token)).judge(`http://example.com${path}`);
}

/** The same for rules that concern everyone. */
export function judgeRules(rules: string | readonly string[], path: string): string {
  return judge(`User-agent: *\n${[rules].flat().join('\n')}\n`, path).kind;
}
