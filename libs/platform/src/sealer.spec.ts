import { SystemRandom } from './identity';
import { Sealer } from './sealer';

const sealer = new Sealer(Buffer.alloc(32, 7).toString('base64'), new SystemRandom());

describe('sealed values', () => {
  it('open to what was sealed', () => {
    expect(sealer.open(sealer.seal('账户', 'ins_1'), 'ins_1')).toBe('账户');
  });

  it('do not open in another row, after a change, or under another key', () => {
    const sealed = sealer.seal('secret', 'ins_1');
    expect(() => sealer.open(sealed, 'ins_2')).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at] = altered[at]! ^ 1;
      expect(() => sealer.open(altered, 'ins_1')).toThrow();
    }
    const other = new Sealer(Buffer.alloc(32, 8).toString('base64'), new SystemRandom());
    expect(() => other.open(sealed, 'ins_1')).toThrow();
  });

  it('never look the same twice, while their blind index does', () => {
    expect(sealer.seal('a', 'x').equals(sealer.seal('a', 'x'))).toBe(false);
    expect(sealer.blindIndex('a')).toBe(sealer.blindIndex('a'));
    expect(sealer.blindIndex('a')).not.toBe(sealer.blindIndex('b'));
  });

  it('want a key of 32 bytes', () => {
    expect(() => new Sealer('c2hvcnQ=', new SystemRandom())).toThrow('SEAL_KEY');
  });
});
