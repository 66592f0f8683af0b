import { declareTopics, findContracts } from './topic-declarations';

const members = { network: ['applepay', 'alipay', 'third'], service: ['routing', 'compliance'] };
const declared = declareTopics(findContracts(members), 'x.');
const partitionsOf = new Map(declared.map(({ topic, partitions }) => [topic, partitions]));

describe('the topics of an installation', () => {
  it('are those of the contracts, with six partitions where order per payment counts', () => {
    expect(partitionsOf.get('x.payments.payment.events.v1')).toBe(6);
  });

  it('come once per wallet network and once per audited service, without a list of either', () => {
    for (const network of members.network) {
      expect(partitionsOf.get(`x.wallet.${network}.commands.v1`)).toBe(6);
      expect(partitionsOf.get(`x.wallet.${network}.events.v1`)).toBe(6);
    }
    for (const service of members.service) expect(partitionsOf.has(`x.audit.${service}.v1`)).toBe(true);
  });

  it('each have a topic of one partition for dead letters', () => {
    const plain = declared.filter(({ topic }) => !topic.endsWith('.dlq'));
    for (const { topic } of plain) expect(partitionsOf.get(`${topic}.dlq`)).toBe(1);
    expect(declared).toHaveLength(plain.length * 2);
  });

  it('are each declared once', () => {
    expect(partitionsOf.size).toBe(declared.length);
  });
});
