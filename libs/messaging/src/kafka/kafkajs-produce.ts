import Produce, { type ProduceArguments } from 'kafkajs/src/protocol/requests/produce';
import { encodeProduce } from './produce-encoding';

const FIRST_OWN_VERSION = 3;
let patched = false;

/** Lets kafkajs send requests that `encodeProduce` wrote; what it does not write is left to kafkajs. */
export function encodeInOnePass(): void {
  if (patched) return;
  patched = true;
  const original = Produce.protocol;
  Produce.protocol = (choice) => {
    const make = original(choice);
    if (make === undefined || choice.version < FIRST_OWN_VERSION) return make;
    return (request: ProduceArguments) => {
      const made = make(request);
      const encode = async (): Promise<{ buf: Buffer; buffer: Buffer }> => {
        const bytes = encodeProduce(request, Date.now());
        return bytes === null ? made.request.encode() : { buf: bytes, buffer: bytes };
      };
      return { ...made, request: { ...made.request, encode } };
    };
  };
}
