/**
 * The runtime will not go on, and one sentence says why and what the reader can do about it.
 * It is never a bug: callers print the message alone, without a stack.
 */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal';
}
