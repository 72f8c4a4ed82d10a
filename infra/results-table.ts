import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The ledger: runs, tasks and results in one table, paid by the request. */
export class ResultsTable extends Construct {
  readonly tableName: string;
  readonly #table: Table;

  constructor(scope: Construct, id: string, { pointInTimeRecovery }: Settings) {
    super(scope, id);
    this.#table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      timeToLiveAttribute: 'expiresS',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.tableName = this.#table.tableName;
  }

  /** Allows reading a run and moving its checkpoint. */
  grantSeed(grantee: IGrantable): void {
    this.#grant(grantee, ['GetItem', 'UpdateItem', 'BatchGetItem']);
  }

  /** Allows all that working a task takes: no query, no deletion. */
  grantWork(grantee: IGrantable): void {
    this.#grant(grantee, ['GetItem', 'BatchGetItem', 'BatchWriteItem', 'PutItem', 'UpdateItem']);
  }

  /** Allows settling a dead target, keeping poison, and making tasks of a dead one's neighbours. */
  grantDismantle(grantee: IGrantable): void {
    this.#grant(grantee, ['BatchGetItem', 'BatchWriteItem', 'PutItem', 'UpdateItem']);
  }

  #grant(grantee: IGrantable, verbs: readonly string[]): void {
    const actions = verbs.map((verb) => `dynamodb:${verb}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#table.tableArn] });
  }
}
