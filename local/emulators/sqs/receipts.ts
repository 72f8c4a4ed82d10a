import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { invalidParameter } from './sqs-error.ts';

const RECEIPT = /^(\d+)-(\d+)-([0-9a-f-]{36})$/;
/** Tells the receipts of this process from others. */
const PROCESS = randomUUID();

/** The receipt of a delivery: of which message, and which time. */
export function receiptOf(sequence: number, receiveCount: number): string {
  return `${sequence}-${receiveCount}-${PROCESS}`;
}

/** The message that a receipt is of. @throws AwsError when it is not valid */
export function sequenceOf(receipt: string): number {
  const [, number, , process] = RECEIPT.exec(receipt) ?? [];
  if (process === PROCESS) return Number(number);
  const problem = `The input receipt handle "${receipt}" is not a valid receipt handle.`;
  throw new AwsError('ReceiptHandleIsInvalid', problem);
}

/** The error for the receipt of a delivery that is over. */
export function expiredReceipt(receipt: string): AwsError {
  return invalidParameter('ReceiptHandle', receipt, 'The receipt handle has expired.');
}
