import { IsDefined, IsIn, Matches } from 'class-validator';
import { MayBeAbsent } from './may-be-absent';

/** The body of `POST /ops/v1/reviews/{network}/{instruction}/resolution`. */
export class FindingDto {
  @IsIn(['done', 'not_done'], { message: 'must be done or not_done' })
  @IsDefined()
  finding: 'done' | 'not_done';

  /** The network's own reference of what it has done. */
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be the reference that the network shows, 1 to 128 characters' })
  @MayBeAbsent()
  network_reference?: string;

  /** The file or case that holds the proof, by name: never its content. */
  @Matches(/^[\x21-\x7e]{3,200}$/, { message: 'must name the file or case that holds the proof, 3 to 200 characters' })
  @IsDefined()
  evidence: string;

  @Matches(/^[^\p{C}]{10,500}$/u, { message: 'must say in 10 to 500 characters why the finding is right' })
  @IsDefined()
  reason: string;
}
