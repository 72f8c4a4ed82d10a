import { expect, it } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../../infra/settings-schema.ts';
import { settingsPage } from './settings-page.ts';

it('docs/settings.md is what the schema says: npx vitest run test/infra/settings-page -u', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md');
});

it.each(Object.entries(settingsSchema.shape))('the setting %s says what it is', (_, setting) => {
  expect(z.toJSONSchema(setting, { io: 'input' }).description).toMatch(/^[A-Z`].{15,150}\.$/);
});
