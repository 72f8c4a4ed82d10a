import { describe, expect, it } from 'vitest';
import { createBotKey, parseBotKey } from '../../../adapters/bot-auth/bot-key.ts';
import { botSite } from '../../../cli/bot/bot-site.ts';
import { DIRECTORY_PATH } from '../../../contract/bot-identity.ts';
import { readRobots } from '../../../core/robots/read-robots.ts';

const { publicJwk, thumbprint } = parseBotKey(createBotKey());
const PROFILE = {
  origin: 'https://bot.test',
  contact: 'bots@bot.test',
  userAgent: 'my-crawler/1.0 (+https://bot.test/)',
  purpose: 'Images for a <b>museum</b>.',
};

const fileOf = (path: string, profile = PROFILE) => {
  const found = botSite(profile, publicJwk, thumbprint).find((file) => file.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found.content;
};

describe('the public files of a bot', () => {
  it('have the key in a directory, without its private part', () => {
    const { keys } = JSON.parse(fileOf(DIRECTORY_PATH));
    expect(keys).toEqual([{ ...publicJwk, kid: thumbprint, use: 'sig' }]);
  });

  it('have an agent card that names the directory, the product and a person', () => {
    expect(JSON.parse(fileOf('/agent-card.json'))).toMatchObject({
      client_id: 'https://bot.test/agent-card.json',
      client_name: 'my-crawler',
      contacts: ['mailto:bots@bot.test'],
      jwks_uri: `https://bot.test${DIRECTORY_PATH}`,
      web_bot_auth: { 'rfc9309-product-token': 'my-crawler', trigger: 'crawler' },
    });
  });

  it('have an example of a robots.txt that keeps the crawler out', () => {
    const text = fileOf('/robots-example.txt');
    expect(readRobots(Buffer.from(text), 'my-crawler').disallow).toHaveLength(1);
    expect(readRobots(Buffer.from(text), 'another').disallow).toHaveLength(0);
  });

  it('have a page on which the words of the operator are text', () => {
    const page = fileOf('/index.html', { ...PROFILE, contact: 'https://bot.test/"><script>' });
    expect(page).toContain('Images for a &#60;b&#62;museum&#60;/b&#62;.');
    expect(page).not.toContain('<script>');
    expect(page).toContain(thumbprint);
  });
});
