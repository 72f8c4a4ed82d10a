import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { KeptProps } from './encryption.ts';
import { removalPolicyOf } from './removal-policy.ts';

/** The ledger: runs, tasks and results in one table, paid by the request. */
export class ResultsTable extends Construct {
  readonly tableName: string;
  readonly #table: Table;

  constructor(scope: Construct, id: string, { settings, encryption: { key } }: KeptProps) {
    super(scope, id);
    this.#table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: key ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.AWS_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: settings.pointInTimeRecovery,
      },
      timeToLiveAttribute: 'expiresS',
      removalPolicy: removalPolicyOf(settings),
    });
    this.tableName = this.#table.tableName;
  }

  /** Allows starting runs and reading them, writing the backlog, and marking the pages of lists. */
  grantSeed(grantee: IGrantable): void {
    const verbs = ['GetItem', 'PutItem', 'UpdateItem', 'BatchGetItem', 'BatchWriteItem', 'Query'];
    this.#grant(grantee, verbs);
  }

  /** Allows all that working a task takes: no scan, no deletion. */
  grantWork(grantee: IGrantable): void {
    this.#grant(grantee, ['GetItem', 'BatchGetItem', 'Query', 'BatchWriteItem', 'UpdateItem']);
  }

  /** Allows settling a dead target, keeping poison, and making tasks of a dead one's neighbours. */
  grantDismantle(grantee: IGrantable): void {
    this.#grant(grantee, ['BatchGetItem', 'Query', 'BatchWriteItem', 'PutItem', 'UpdateItem']);
  }

  #grant(grantee: IGrantable, verbs: readonly string[]): void {
    const actions = verbs.map((verb) => `dynamodb:${verb}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#table.tableArn] });
  }
}
