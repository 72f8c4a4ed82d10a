import type { RunProgress } from '../../core/model/progress.ts';
import { countOf } from '../options/quantities.ts';

/** For what was left out by a rule that the person can lift: how that is done. `audit` is a command. */
export function leftOutSteps({ reasons }: RunProgress, audit: string): readonly string[] {
  const steps: string[] = [];
  const secret = reasons['credential-url'] ?? 0;
  if (secret > 0)
    steps.push(
      `${countOf(secret, 'URL')} with a signature or token in the query not requested. ` +
        'If they were made for you, crawl them again with: --allow-credential-urls',
    );
  const reserved = reasons['reserved'] ?? 0;
  if (reserved > 0)
    steps.push(
      `${countOf(reserved, 'image')} not kept because the owners reserve them. For which uses: ${audit}`,
      'If yours are others, crawl again and name them, as with: --purpose search',
    );
  const slow = reasons['crawl-delay-too-long'] ?? 0;
  if (slow > 0)
    steps.push(
      `${countOf(slow, 'URL')} not requested because robots.txt wants longer pauses. ` +
        'To wait for them, crawl again with: --max-crawl-delay 10m',
    );
  return steps;
}
