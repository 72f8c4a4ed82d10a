import { App } from 'aws-cdk-lib';
import { CrawlerStack } from './crawler-stack.ts';
import { readSettings, SettingsError } from './settings.ts';

const app = new App();
try {
  const settings = readSettings(app.node);
  new CrawlerStack(app, settings.stackName, settings, {
    description: 'Serverless, distributed image crawler',
  });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
