import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { runKey } from '../../contract/table-keys.ts';
import type { HostOrder } from '../../core/model/host-order.ts';

/** Writes, one after the other, that keep an order of a host in the record of a run, or take it back. */
export function orderUpdates(
  table: string,
  runId: string,
  host: string,
  order: HostOrder | undefined,
): readonly UpdateItemCommand[] {
  const place = {
    TableName: table,
    Key: marshall(runKey(runId)),
    ConditionExpression: 'attribute_exists(#pk)',
  };
  const names = { '#orders': 'hostOrders', '#pk': 'pk' };
  // A path leads only into a map that is there.
  const map = new UpdateItemCommand({
    ...place,
    UpdateExpression: 'SET #orders = if_not_exists(#orders, :none)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall({ ':none': {} }),
  });
  const entry = new UpdateItemCommand({
    ...place,
    UpdateExpression: order === undefined ? 'REMOVE #orders.#host' : 'SET #orders.#host = :order',
    ExpressionAttributeNames: { ...names, '#host': host },
    ExpressionAttributeValues: order === undefined ? undefined : marshall({ ':order': order }),
  });
  return [map, entry];
}
