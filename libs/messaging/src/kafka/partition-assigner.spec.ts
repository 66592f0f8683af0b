import { AssignerProtocol } from 'kafkajs';
import { assignTogether } from './partition-assigner';

const member = (memberId: string, topics: string[]): { memberId: string; memberMetadata: Buffer } => ({
  memberId,
  memberMetadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
});
const six = [0, 1, 2, 3, 4, 5];

describe('the assigner', () => {
  it('gives partition n of every topic to one member', () => {
    const members = [member('b', ['x', 'y', 'keys']), member('a', ['x', 'y', 'keys'])];
    const topics = new Map([
      ['x', six],
      ['y', six],
      ['keys', [0]],
    ]);
    expect(assignTogether(members, topics)).toEqual([
      { memberId: 'a', assignment: { x: [0, 2, 4], y: [0, 2, 4], keys: [0] } },
      { memberId: 'b', assignment: { x: [1, 3, 5], y: [1, 3, 5] } },
    ]);
  });

  it('gives a topic only to members that read it, so that two versions run side by side', () => {
    const assigned = assignTogether([member('old', ['x']), member('new', ['x', 'y'])], new Map([['y', six]]));
    expect(assigned.find(({ memberId }) => memberId === 'new')!.assignment).toEqual({ y: six });
    expect(assigned.find(({ memberId }) => memberId === 'old')!.assignment).toEqual({});
  });
});
