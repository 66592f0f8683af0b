import { cancelDeadline } from './collection-window';

describe('cancel window of a collection', () => {
  it.each([
    ['2026-11-25T10:00:00Z', '2026-11-25T16:15:00.000Z'],
    ['2026-11-25T15:59:59.999Z', '2026-11-25T16:15:00.000Z'],
    ['2026-11-25T16:00:00Z', '2026-11-26T16:15:00.000Z'],
  ])('of one made at %s ends at %s: 00:15 in Beijing on the next day', (made, deadline) => {
    expect(cancelDeadline(new Date(made)).toISOString()).toBe(deadline);
  });
});
