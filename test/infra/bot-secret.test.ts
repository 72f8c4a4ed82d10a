import { describe, expect, it } from 'vitest';
import { FUNCTIONS, synthesised } from './synthesised.ts';

const ORIGIN = 'https://bot.test';
const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:crawler/bot-key-a1B2c3';

const signing = (secret: string, form?: string) =>
  synthesised({ crawler: { webBotAuth: { secret, origin: ORIGIN, form } } });

/** The statements about secrets, with the roles that have them. */
function grantsOf(stack: ReturnType<typeof synthesised>): readonly string[] {
  return stack
    .all('AWS::IAM::Policy')
    .map(([id, one]) => `${id} ${JSON.stringify(one)}`)
    .filter((text) => text.includes('secretsmanager'));
}

describe('where requests are signed', () => {
  it.each([
    ['dictionary', `${ORIGIN}/.well-known/http-message-signatures-directory`],
    ['string', ORIGIN],
  ])(
    'the worker alone knows the secret by its name, and the agent in the form %s',
    (form, agent) => {
      const stack = signing('crawler/bot-key', form);
      const variables = { BOT_KEY_SECRET: 'crawler/bot-key', BOT_AGENT: agent, BOT_FORM: form };
      const knowing = stack
        .all('AWS::Lambda::Function')
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes('BOT_'));
      expect(knowing.map(([id]) => id)).toEqual([expect.stringMatching(FUNCTIONS.worker)]);
      const { Properties } = stack.find('AWS::Lambda::Function', FUNCTIONS.worker);
      expect(Properties).toMatchObject({ Environment: { Variables: variables } });
    },
  );

  it.each([
    ['by its name', 'crawler/bot-key', /:secret:crawler\/bot-key-\?{6}"/],
    ['by its ARN', ARN, /"arn:aws:secretsmanager:[^"?*]*:secret:crawler\/bot-key-a1B2c3"/],
  ])('the worker may read that secret %s, and do nothing else to it', (_, secret, resource) => {
    const grants = grantsOf(signing(secret));
    expect(grants).toHaveLength(1);
    expect(grants[0]).toMatch(/^WorkerCrawlRole/);
    expect(grants[0]).toMatch(resource);
    expect(grants[0]?.match(/"secretsmanager:\w+"/g)).toEqual(['"secretsmanager:GetSecretValue"']);
  });
});

it('where requests are not signed there is neither a variable nor a grant', () => {
  const stack = synthesised();
  expect(grantsOf(stack)).toEqual([]);
  expect(JSON.stringify(stack.resources)).not.toContain('BOT_');
});
