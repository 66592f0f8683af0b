import { AssignerProtocol, type GroupMember, type GroupMemberAssignment, type PartitionAssigner } from 'kafkajs';

/**
 * Gives partition n of every topic to one member, so that all facts about one payment meet in one process and are
 * folded in one transaction. A member gets only topics that it has asked for: two versions run side by side in an upgrade.
 */
export const partitionTogether: PartitionAssigner = ({ cluster }) => ({
  name: 'PartitionTogether',
  version: 1,

  async assign({ members, topics }: { members: GroupMember[]; topics: string[] }): Promise<GroupMemberAssignment[]> {
    const partitionsOf = new Map(
      topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
    );
    return assignTogether(members, partitionsOf).map(({ memberId, assignment }) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment,
        userData: Buffer.alloc(0),
      }),
    }));
  },

  protocol({ topics }: { topics: string[] }) {
    return {
      name: 'PartitionTogether',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
    };
  },
});

/** The assignment as data: partition n goes to the n-th member (in order of id) among those that read the topic. */
export function assignTogether(
  members: readonly GroupMember[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): { memberId: string; assignment: Record<string, number[]> }[] {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const readers = sorted.map(({ memberId, memberMetadata }) => ({
    memberId,
    topics: new Set(AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? []),
    assignment: new Map<string, number[]>(),
  }));
  for (const [topic, partitions] of partitionsOf) {
    for (const partition of partitions) {
      const wanted = readers[partition % readers.length]!;
      const reader = wanted.topics.has(topic) ? wanted : readers.find(({ topics }) => topics.has(topic));
      if (reader) reader.assignment.set(topic, [...(reader.assignment.get(topic) ?? []), partition]);
    }
  }
  return readers.map(({ memberId, assignment }) => ({ memberId, assignment: Object.fromEntries(assignment) }));
}
