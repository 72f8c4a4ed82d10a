/** Every setting of a deployment, chosen otherwise than by default. */
export const EVERY_SETTING = {
  ...{ removalPolicy: 'destroy', encryptionKey: 'own', tracing: true, debugSampleRate: 0.5 },
  vpc: {
    subnetIds: ['subnet-0123456a', 'subnet-0123456b'],
    securityGroupIds: ['sg-0123456c'],
  },
  schedules: [
    { list: 'lists/daily.txt', every: 'rate(1 day)' },
    { list: 'lists/weekly.csv.gz', every: 'cron(0 3 ? * MON *)' },
  ],
  ...{ tags: { team: 'photos' }, imageRetentionDays: 7, listRetentionDays: 3 },
  ...{ allowedHosts: ['a.test'], deniedHosts: ['b.a.test'], maxBodyBytes: 5000 },
  ...{ alarmEmail: 'crew@example.com', runbookUrl: 'https://wiki.test/crawler' },
  ...{ oldestTaskAlarmHours: 2, failureAlarmPercent: 20, noProgressAlarmMinutes: 60 },
  proxy: 'http://proxy.test:3128',
  imageWork: true,
  workerPackages: ['sharp'],
  packagesFor: 'host',
  webBotAuth: { secret: 'crawler/bot-key', origin: 'https://bot.test' },
  botSite: {
    domain: 'bot.test',
    certificate:
      'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
  },
  ...{ runDefaults: { attempts: 1 }, listField: 'image', maxListBytes: 900, maxInFlight: 100 },
  listKeep: ['TEXT'],
  listHashField: 'md5',
};
