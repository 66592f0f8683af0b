import { fromBER, type BaseBlock } from 'asn1js';
import { encoded } from '../src/apple-pay/asn1';
import { parseBer, type BerElement } from '../src/apple-pay/ber';

/** The tree that our reader makes of these bytes, as text; null where it refuses them. */
export function ours(bytes: Buffer): string | null {
  const tree = (one: BerElement): string => `${encoded(one).toString('hex')}(${one.members.map(tree).join()})`;
  try {
    return tree(parseBer(bytes));
  } catch {
    return null;
  }
}

/** The same of asn1js, which stands for whoever reads the same signature with another reader. */
export function theirs(bytes: Buffer): string | null {
  try {
    const { result, offset } = fromBER(bytes, { parseEmbedded: false });
    return offset === bytes.length ? treeOf(result) : null;
  } catch {
    return null;
  }
}

/** Null where a type without members is marked as constructed: asn1js has no tree of it. */
function treeOf(block: BaseBlock): string | null {
  const { value } = block.valueBlock as unknown as { value?: unknown };
  const members = block.idBlock.isConstructed ? value : [];
  if (!Array.isArray(members)) return null;
  const inside = (members as BaseBlock[]).map(treeOf);
  return inside.includes(null) ? null : `${Buffer.from(block.valueBeforeDecodeView).toString('hex')}(${inside.join()})`;
}
