import { type PipeTransform } from '@nestjs/common';
import { problem } from '../../edge/problems';

/** What a second person says of what the first one asked for: the last part of the route. */
export type Verdict = 'approve' | 'reject';

/** Reads a verdict from a route; a route with any other word does not exist. */
export class VerdictPipe implements PipeTransform<string, Verdict> {
  transform(word: string): Verdict {
    if (word !== 'approve' && word !== 'reject') throw problem('NOT_FOUND');
    return word;
  }
}
