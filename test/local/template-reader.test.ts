// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Place, resolve } from '../../local/template/intrinsics.ts';
import { readAssembly, UnsupportedTemplateError } from '../../local/template/template.ts';
import { freshFolder } from '../fresh-folder.ts';

const PLACE: Place = {
  pseudo: { 'AWS::Region': 'us-east-1' },
  resources: new Map([
    ['Tasks', { ref: 'http://tasks', attributes: { Arn: 'arn:tasks', 'Nested.Name': 'deep' } }],
  ]),
};

const SUBSTITUTED = 'in us-east-1: arn:tasks, http://tasks';

describe('a value of a template', () => {
  it.each([
    ['plain', 'plain'],
    [7, 7],
    [null, null],
    [{ Ref: 'Tasks' }, 'http://tasks'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ 'Fn::GetAtt': ['Tasks', 'Arn'] }, 'arn:tasks'],
    [{ 'Fn::GetAtt': ['Tasks', 'Nested.Name'] }, 'deep'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Tasks' }, 'b']] }, 'a/http://tasks/b'],
    [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Tasks', 'Arn'] }, '/*']] }, 'arn:tasks/*'],
    [{ 'Fn::Sub': 'in ${AWS::Region}: ${Tasks.Arn}, ${Tasks}' }, SUBSTITUTED],
    [
      { deep: [{ Ref: 'Tasks' }], Ref2: 1 },
      { deep: ['http://tasks'], Ref2: 1 },
    ],
    [
      { Ref: 'Tasks', and: 'more' },
      { Ref: 'Tasks', and: 'more' },
    ],
  ])('is carried out: %j', (value, expected) => {
    expect(resolve(value, PLACE)).toEqual(expected);
  });

  it.each([
    [{ 'Fn::ImportValue': 'x' }, 'intrinsic Fn::ImportValue'],
    [[{ deep: { 'Fn::Select': [0, []] } }], 'intrinsic Fn::Select'],
    [{ Condition: 'x' }, 'intrinsic Condition'],
    [{ 'Fn::Sub': ['${a}', { a: 1 }] }, 'Fn::Sub with a map'],
    [{ 'Fn::Sub': '${Absent}' }, 'reference to Absent'],
    [{ Ref: 'Absent' }, 'reference to Absent'],
    [{ 'Fn::GetAtt': ['Absent', 'Arn'] }, 'attribute Arn of Absent'],
    [{ 'Fn::GetAtt': ['Tasks', 'Absent'] }, 'attribute Absent of Tasks'],
  ])('that this machine does not have is an error by its name: %j', (value, problem) => {
    const carryOut = () => resolve(value, PLACE);
    expect(carryOut).toThrow(UnsupportedTemplateError);
    expect(carryOut).toThrow(problem);
  });
});

describe('a synthesised stack', () => {
  it('is read with the folders of its assets, by the key that the template has', async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, 'asset.one'));
    const write = (kind: string, content: object) =>
      writeFile(join(folder, `Stack.${kind}.json`), JSON.stringify(content));
    await write('assets', { version: 'x', files: { abc: { source: { path: 'asset.one' } } } });
    await write('template', { Resources: { Queue: { Type: 'AWS::SQS::Queue' } }, Rules: {} });
    expect(await readAssembly(folder, 'Stack')).toEqual({
      template: { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } }, Outputs: {} },
      assets: new Map([['abc.zip', join(folder, 'asset.one')]]),
    });
  });

  it('that is not there is an error', async () => {
    await expect(readAssembly(await freshFolder(), 'Stack')).rejects.toThrow('ENOENT');
  });
});
