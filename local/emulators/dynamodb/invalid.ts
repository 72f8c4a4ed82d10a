import { AwsError } from '../aws-error.ts';

/** The error for a request that is wrong in itself. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The error for a value that cannot be stored, or not there. */
export function invalidValue(reason: string): AwsError {
  return invalid(`One or more parameter values were invalid: ${reason}`);
}
