import type { Contract } from '@gateway/contracts/contract';
import type { KafkaConnection } from '../kafka/kafka-connection';
import type { MessagingSettings } from '../settings';

/** Thrown where the broker's topics are not what the contracts say: the service refuses to start. */
export class TopicsRefused extends Error {}

/**
 * Every topic that a service reads must exist with its contract's number of partitions: keys live in one partition for
 * ever, so another count would break the order per key.
 * @throws TopicsRefused
 */
export async function checkTopics(
  connection: KafkaConnection,
  settings: MessagingSettings,
  contracts: readonly Contract[],
): Promise<void> {
  const counts = await connection.partitionCounts(contracts.map(({ topic }) => settings.physical(topic)));
  const problems = contracts.flatMap(({ topic, partitions }) => {
    const found = counts.get(settings.physical(topic));
    if (found === undefined) return [`${settings.physical(topic)} does not exist`];
    return found === partitions ? [] : [`${settings.physical(topic)} has ${found} partitions instead of ${partitions}`];
  });
  if (problems.length > 0)
    throw new TopicsRefused(`Topics are not as their contracts say; run the topic set-up step: ${problems.join('; ')}`);
}
